"""Which words of headings stand for which field of the registry, as communities word them."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from portal.registry.kinds import NEED_LABELS, Need
from portal.spreadsheets.wording import Dictionary

MOST_MEMBERS = 9  # people beside the head that one row may name
NEEDS = "needs"  # several in one cell
NEED = "need."  # before the name of one that has a column of its own
PASSED_OVER = "-"  # before the names of fields that are known, so that nobody is asked, and not imported

_MEMBER: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "名字", ""),
    "relation": ("与户主关系", "关系"),
    "document": ("身份证号码", "身份证号", "身份证", "证件号码", "公民身份号码"),
    "phone": ("联系电话", "手机号码", "手机号", "电话", "联系方式"),
}


def _members() -> dict[str, tuple[str, ...]]:
    """成员1姓名, 家庭成员1姓名, 成员姓名1, 姓名2 …: the people of a row that is one household."""
    return {
        f"member{number}.{part}": tuple(
            word
            for said in words
            for word in (
                f"成员{number}{said}",
                f"家庭成员{number}{said}",
                *((f"成员{said}{number}", f"家庭成员{said}{number}") if said else ()),
                *((f"{said}{number}",) if said and number > 1 else ()),
            )
        )
        for number in range(1, MOST_MEMBERS + 1)
        for part, words in _MEMBER.items()
    }


_NEED: dict[Need, tuple[str, ...]] = {
    Need.LIVES_ALONE: ("独居老人", "独居"),
    Need.PREGNANT: ("孕产妇", "孕妇", "怀孕"),
    Need.DISABLED: ("残疾人", "残疾"),
    Need.DIALYSIS: ("透析", "血透", "血液透析", "透析患者", "透析病人"),
    Need.CHRONIC: ("慢性病", "慢病", "慢性病患者", "长期用药", "长期服药"),
    Need.LEFT_BEHIND: ("留守儿童",),
}
_QUESTIONS = ("", "是否", "是否为", "是否是", "是否有", "是不是", "有无")


def need_field(need: Need) -> str:
    """The field of a need's own column."""
    return f"{NEED}{need.value}"


WORDS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "居民姓名", "家庭成员姓名", "成员姓名", "人员姓名", "名字", "Name"),
    "relation": ("与户主关系", "关系", "同户主关系", "家庭关系", "与户主的关系", "Relation"),
    "is_head": ("是否户主", "是不是户主"),
    "head.name": ("户主姓名", "户主", "房主", "业主姓名", "业主"),
    "head.document": ("户主身份证号码", "户主身份证号", "户主身份证", "户主证件号码", "户主公民身份号码"),
    "head.phone": ("户主联系电话", "户主电话", "户主手机号", "户主手机", "户主联系方式", "业主电话"),
    "members": ("家庭成员", "成员", "其他成员", "家庭其他成员", "共同居住人", "同住人"),
    "sex": ("性别", "男女", "Sex"),
    "born_on": ("出生日期", "出生年月日", "出生年月", "生日", "Date of birth"),
    "document_type": ("证件类型", "证件种类", "证件名称", "Document"),
    "document": (
        "身份证号码",
        "身份证号",
        "身份证",
        "公民身份号码",
        "公民身份证号码",
        "居民身份证号码",
        "证件号码",
        "证件号",
        "Document number",
    ),
    "phone": (
        "联系电话",
        "手机号码",
        "手机号",
        "手机",
        "电话",
        "电话号码",
        "联系方式",
        "本人电话",
        "本人联系电话",
        "Phone",
    ),
    "phone_of": ("电话机主", "机主", "机主关系", "电话归属", "代联系人"),
    "registered_address": ("户籍地址", "户籍所在地", "户口所在地", "户籍地", "Registered address"),
    "work": ("工作单位", "单位名称", "职业", "工作单位及职业", "从业单位", "务工地点", "Work"),
    "stay": (
        "居住状态",
        "居住情况",
        "居住类别",
        "人员类别",
        "人口类别",
        "人户状态",
        "常住或流动",
        "人员类型",
    ),
    "compound": ("小区", "小区名称", "小区名", "居住小区", "院落", "庭院", "自然村", "村庄", "Compound"),
    "building": ("楼栋", "楼号", "栋", "幢", "楼栋号", "楼", "栋号", "幢号", "几号楼", "排", "Building"),
    "stairwell": ("单元", "单元号", "几单元", "门栋", "Stairwell"),
    "room": ("房号", "房间号", "室", "门牌号", "室号", "房屋编号", "门牌", "门号", "Room"),
    "address": (
        "家庭住址",
        "现住址",
        "现住地址",
        "现居住地址",
        "现居住地",
        "居住地址",
        "住址",
        "详细地址",
        "详细住址",
        "家庭地址",
        "地址",
        "Address",
    ),
    "household_number": ("户号", "户编号", "家庭编号", "户籍号", "户口簿号"),
    "kind": ("房屋用途", "房屋类型", "房屋性质", "房屋状态", "使用情况", "居住性质", "居住类型"),
    "note": ("备注", "说明", "备注说明", "Note"),
    "grid": ("网格", "所属网格", "网格编号", "网格名称", "所在网格", "Grid"),
    "group": ("居民小组", "小组", "所属小组", "组别", "村民小组", "组"),
    "community": ("社区", "所属社区", "社区名称", "村居", "村委会", "居委会", "所属村", "所属村居", "社区村"),
    f"{PASSED_OVER}street": ("街道", "乡镇", "所属街道", "街道办", "乡镇街道"),
    f"{PASSED_OVER}age": ("年龄", "周岁"),
    f"{PASSED_OVER}nation": ("民族", "国籍"),
    f"{PASSED_OVER}people": ("人口数", "家庭人口", "人数", "家庭人口数"),
    f"{PASSED_OVER}worker": ("网格员", "网格员姓名", "网格长", "楼栋长", "单元长"),
    f"{PASSED_OVER}responsible": ("包保责任人", "责任人", "包保人", "包户干部", "包联干部"),
    f"{PASSED_OVER}worker_phone": (
        "责任人电话",
        "责任人联系电话",
        "包保人电话",
        "网格员电话",
        "网格员联系电话",
        "包保责任人电话",
        "包户干部电话",
    ),
    f"{PASSED_OVER}second_phone": ("备用电话", "固话", "固定电话", "座机", "联系电话2", "紧急联系人电话"),
    f"{PASSED_OVER}contact": ("紧急联系人", "联系人"),
    f"{PASSED_OVER}plate": ("车牌号", "车牌", "车牌号码"),
    f"{PASSED_OVER}education": ("文化程度", "学历", "政治面貌", "婚姻状况"),
    NEEDS: (
        "特殊情况",
        "特殊人群",
        "特殊群体",
        "重点人群",
        "重点人员",
        "重点关注人群",
        "关爱对象",
        "需关照",
        "需关照情况",
        "Needs looking after",
    ),
    f"{PASSED_OVER}signature": ("签字", "签名", "填表人", "登记日期", "填表日期"),
    **_members(),
    **{
        need_field(need): tuple(f"{asked}{word}" for asked in _QUESTIONS for word in words)
        for need, words in _NEED.items()
    },
}
DICTIONARY = Dictionary(WORDS)

# What may be chosen for a column, in the order of the list.
FIELD_LABELS: dict[str, Any] = {
    "name": _l("Name"),
    "relation": _l("Relation to the head"),
    "is_head": _l("Head of the household"),
    "sex": _l("Sex"),
    "born_on": _l("Date of birth"),
    "document_type": _l("Document"),
    "document": _l("Document number"),
    "phone": _l("Phone"),
    "phone_of": _l("Whose phone it is"),
    "stay": _l("How they live here"),
    "work": _l("Work"),
    "registered_address": _l("Registered address"),
    "head.name": _l("Name of the head"),
    "head.document": _l("Document number of the head"),
    "head.phone": _l("Phone of the head"),
    "members": _l("Names of the others, in one cell"),
    "compound": _l("Compound or village"),
    "building": _l("Building"),
    "stairwell": _l("Stairwell"),
    "room": _l("Room"),
    "address": _l("Whole address in one cell"),
    "household_number": _l("Number of the household"),
    "kind": _l("Used as"),
    "note": _l("Note"),
    "grid": _l("Grid"),
    "group": _l("Residents' group"),
    "community": _l("Community"),
    NEEDS: _l("Needs looking after"),
    **{need_field(need): NEED_LABELS[need] for need in Need},
}
NOT_NEEDED = _lp("column", "Not needed")


def field_label(field: str) -> str:
    """What a field is called on the screen; a person named in a row by number as such."""
    if field not in FIELD_LABELS and field.startswith("member"):
        number, _dot, part = field.removeprefix("member").partition(".")
        return str(_l("%(field)s of member %(number)s", field=FIELD_LABELS[part], number=number))
    return str(FIELD_LABELS.get(field, NOT_NEEDED))


def is_imported(field: str | None) -> bool:
    """Whether what stands in such a column is taken over."""
    return bool(field) and not str(field).startswith(PASSED_OVER)
