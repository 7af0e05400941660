"""Heading rows as communities word them, each with what its columns mean; - is passed over, ? is left to a person."""

HEADING_ROWS = {
    "序号|户主姓名|身份证号码|手机号|楼栋|单元|房号|与户主关系|家庭住址|网格员|备注": (
        "- head number phone building unit room relation address grid_member remark"
    ),
    "序号|姓名（必填）|*性别|身份证号（18位）|联系电话1|联系电话2|楼号|单元号|房间号|备注": (
        "- name sex number phone second_phone building unit room remark"
    ),
    "编号|社区|网格|小区名称|楼栋号|单元|户号|户主|户主身份证|户主电话|人口数": (
        "- community grid compound building unit room head head_number phone ?"
    ),
    "No.|姓 名|性 别|出生年月日|公民身份号码|手机号码|户籍所在地|现住址|是否独居|是否残疾": (
        "- name sex born number phone registered address alone disabled"
    ),
    "所属社区|所属网格|居民姓名|证件种类|证件号码|联系方式|与户主关系|工作单位|车牌号": (
        "community grid name document_kind number phone relation workplace plate"
    ),
    "姓名|身份证|电话|住址": "name number phone address",
    "楼|单元|室|户主|电话|家庭人口|是否有孕妇|包保责任人|责任人电话": (
        "building unit room head phone ? ? responsible responsible_phone"
    ),
    "序号|村（社区）|组别|户主姓名|家庭成员姓名|关系|身份证号|是否外出务工|务工地点|返乡时间|联系电话": (
        "- ? ? head name relation number ? ? ? phone"
    ),
    "序号|网格编号|网格员姓名|网格员电话|户主|紧急联系人电话|房屋性质（自住/出租）": (
        "- grid grid_member responsible_phone head phone ?"
    ),
    "姓\n名|身份证\n号码|联系\n电话|家庭\n住址|备\n注": "name number phone address remark",
    "＊姓名＊|★证件号码（必填，文本格式）|手机号码【11位】|楼 栋 号|房 间 号": "name number phone building room",
    "【姓名】|(性别)|<手机>|备注：": "name sex phone remark",
    "序 号|姓 名|身 份 证 号|联 系 电 话|所属小区|门牌号": "- name number phone compound room",
    "姓名|性别|民族|出生日期|身份证号码|文化程度|婚姻状况|户籍地址|居住地址|联系电话|是否残疾人|独居老人": (
        "name sex ? born number ? ? registered address phone disabled alone"
    ),
    "ＮＯ|姓名|手机|车牌": "- name phone plate",
    "户主姓名|户主身份证号|成员姓名|成员身份证号|同户主关系|手机号1|固定电话": (
        "head head_number name number relation phone second_phone"
    ),
    "小区|楼栋|单元|房间号|业主姓名|业主电话|租户姓名|租户电话": "compound building unit room ? ? ? ?",
    "包户干部|包保人电话|户主|电话|家庭住址|家庭成员": "responsible responsible_phone head phone address ?",
    "姓名|电话|请这样改": "name phone -",
}
