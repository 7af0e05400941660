"""Make the fonts of printed documents: static/print/fonts/*.ttf, each with its licence beside it.

    npm pack @expo-google-fonts/noto-sans-sc@0.4.3
    npm pack @expo-google-fonts/noto-serif-sc@0.4.3
    apt-get download fonts-lxgw-wenkai texlive-lang-chinese     # of Debian 12
    python tools/make_fonts.py *.tgz *.deb

Each package is known by its hash, and makes what comes from it; any of them may be left out. A font must have
TrueType outlines in the end: CFF outlines make the documents eight times larger and lose characters in one reader,
and a font cut into web slices draws wrong characters. 仿宋 is therefore converted. Of the widest font all Chinese
characters stay, since names need the rare ones; of the others those of GB2312 and of the national table of 2013.
Hinting, layout features and other scripts go, and all get the same height, so that a character of another font does
not push the lines of a page apart.
"""

import gzip
import hashlib
import io
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable

FONTS = Path(__file__).resolve().parent.parent / "static" / "print" / "fonts"
UNWANTED = ["GSUB", "GPOS", "GDEF", "BASE", "STAT", "VORG", "vhea", "vmtx", "prep", "gasp"]
ASCENT, DESCENT = 1160, -288  # of the widest font, in thousandths of the type size

WANTED_BLOCKS = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x024F),  # Latin with accents
    (0x02B0, 0x02FF),  # tone marks
    (0x0370, 0x045F),  # Greek, Cyrillic: both in GB2312
    (0x2000, 0x27BF),  # punctuation, units, figures in circles, arrows, box drawing
    (0x2E80, 0x2FDF),  # radicals
    (0x3000, 0x30FF),  # Chinese punctuation, kana
    (0x3100, 0x312F),  # bopomofo: in GB2312
    (0x3200, 0x33FF),  # figures and units in brackets and squares
    (0x3400, 0x4DBF),  # extension A
    (0x4E00, 0x9FFF),  # the basic characters
    (0xF900, 0xFAFF),  # compatibility characters
    (0xFF00, 0xFFEF),  # full-width forms
    (0x20000, 0x3FFFF),  # extensions B and later
)
FIRST_HAN = 0x3400
NARROW_IN_KAITI = "“”‘’·"  # the next font of the style sheet has them as wide as Chinese sets them
NARROW_IN_SONG = "—·"
PAGE_NUMBERS = "".join(map(chr, range(0x20, 0x7F))) + "—–·"

# 通用规范汉字表 (2013), what GB2312 lacks of it: names of people and places. And one that many people bear.
NAMES = (
    "㑇㑊㕮㘎㙍㙘㙦㛃㛚㛹㟃㠇㠓㤘㥄㧐㧑㧟㫰㬊㬎㬚㭎㭕㮾㰀㳇㳘㳚㴔㵐㶲㸆㸌㺄㻬㽏㿠䁖䂮䃅䃎䅟䌹䎃䎖䏝䏡䏲䐃"
    "䓖䓛䓨䓫䓬䗖䗛䗪䗴䜣䝙䢺䢼䣘䥽䦃䲟䲠䲢䴓䴔䴕䴖䴗䴘䴙䶮丏乂乸亶亸亹伈伋伣伭伾佁佖佸佺佽侁侂侘侴侹俍俙"
    "俫俵俶倓倕倞倧倴倻偁偓偡偭偰偲傃傉傒傕僇僎僔僰儦儳儴冏冔冮凓凘刬剅剋剕剟劄劼勍勔勚勠匜匼卬厖厾叆叇叕"
    "叚吽呇呣咇咉咍咡咥咺哃哢哱唝唵啫啰啴喆喤嗐嗞嘚嘡噀噂噇嚄嚚嚭囷圌圐圙圢圫圲坉坋坒坥坬坰坽垈垍垎垏垕垙"
    "垚垞垟垯垱垵垺垾垿埆埇埌埗埪埫埵埼堃堉堌堎堐堧堨堲堼堽堾塅塆塝塱墈墐墕墘墡墣墦壸夐夬奓奡奭妘妧妭姈姞"
    "姤姮姱姶姽娀娵婌婍婘婞婠婤婫婳婻婼媂媄媆媓媖媞媭媱嫄嫕嫚嫪嫭嫽嬛嬥嬬嬿孅孖宧宬寁尨尪屃屼屾岊岞岠岨峂"
    "峃峗峘峛峣峧峱峿崀崁崄崌崒崚崟崡崶崿嵁嵅嵎嵖嵚嵲嶅嶍嶒嶓嶟嶦嶲巇巉帡帨幖幪庤庱庼廆廋廙弆弇弢弨弶弸彟"
    "彧徛忞忳忺恓恔悆悈悢悰惇惎惔惙惛愃愐愔愭慆慥慬慭憕憙憭憺戣戭扂扅扆扊扞扺扽抃抔拃拤挓挦捯捽掞揕揳搒摏"
    "摛摴摽擿攽敔敩斝斠斶旐旞旴旵旸旻旿昄昇昈昉昒昡昣昤昪昫昳昺昽晅晊晐晙晞晢晪晫晱暅暕暲暵暶暿曈曌朏朓朳"
    "朸杄杕杙杧杻枅枍枲枹柈柊柖柷栐栒栟栴栻桯桲桹梌梠梣梴梼梽梾梿棁棐棓棤棨棪棫棬棻棽椀椆椑椓椪椸楒楙楩楪"
    "楯榃榅榑榖榰槃槚槜槱橑橞橦檞櫆欂欸欻歅殣毌毐氾氿汈汋汧汫汭沄沇沘沚沨沺泂泃泇泙泚泜洈洑洓洘洢洣洨洭洴"
    "洸洺洿浉浐浕浛浟浡浥浬浭浰浲涄涍涐涘涢涴淏淜淟淯淴渟渰渼湉湑湜湝湣湲湴溁溇溍溚溞溠溦溵溹滃滆滉滍滘滧"
    "滪滫漈漋漖漦漴漷漹漻漼潏潖潟潩潵潽潾澂澛澥澪澭澴澼澽濋濩瀌瀍瀔瀱瀼灈炆炌炘炟炣烔烜烝烠烶烺烻焆焌焗焜"
    "焞煁煃煋煓煟煴熇熛熜熥熻燊燋燏燚爇爔爚爟牁牂牚牤牥牻犇犨狉狝猄猇猯猰猺獴玃玒玓玕玘玙玚玞玠玡玤玥玦玭"
    "玱玶玹玼玿珅珇珋珌珒珕珖珛珝珢珣珦珪珫珰珵珷珸珹珺珽琀琄琇琈琎琔琟琡琤琫琭琯琲瑀瑂瑃瑄瑅瑆瑑瑓瑔瑖瑝"
    "瑢瑧瑨瑬瑱瑳璆璈璒璘璟璠璥璪璬璮璱璲瓀瓖瓘瓻甗甡甦甪畖畤畬畯疁疍疐疢疭痓瘆癗癿皕皛皞皦皭盉盦盷眊眬睄"
    "睎瞋瞫瞭矞矰矻矼砄砆砠砫砮砵硁硊硍硔硙硚硿碃碈碏碨碶磏磜磡磹磻礌礵祃祇祊祋祎祏祐祕祲祼祾禋禒禔禘禛禤"
    "秬秾稌稑稙穄穙穜穟窅窊窎窣窸竑竘竫笯筀筜筤筥筦筶筼箓箖篯簃簉簕簝簠簰籥粿糒糵絜縠縢繄纮纴纻纼绖绤绹缊"
    "缐缞罍罶罽羑羓羕羖羱翀翂翃翈翙翚翛翯翷翾耇耏耑耤耰肸胈胠胣脟脩脿腒腘腨腯膙臑臜舠舥舲艅艎芃芠芣芼苉苧"
    "苾茀茋茓茝茽荁荄荓荖荙莙莝莿菂菉菍菼萚萣萩萳萹葎葖葰葴蒄蒐蒟蒨蒱蒻蓂蓇蓏蓢蔀蔃蔈蔊蕗蕰薁薢薳薸薿藟藠"
    "藦藨蘘虒虓虤虷虸蚄蚆蚲蛃蜎蜐蝘蝲螠螣螱蟏蟫蠋衃衎衒衠袆袗袪袯裈裛褕褟褯襕襚襜襫觃觟觭觱觿訄訚詟讱讻诇"
    "诐谞谼谿豨豮貆赑赒赗赟赪趯跂跐跱跶踒踦踶蹅蹐蹚蹜蹢蹽蹾轪辀辌辒辿迺逴遆遹邘邠邨邲邽邿郃郈郚郤郪郿鄀鄃"
    "鄅鄌鄑鄗鄘鄚鄜鄠鄫酂酅酦酺醨醾釐鋆钖钘铏铚铻锜锧锳锽镃镈镋镕镚镠镮镴镵闿阇阘陎陑陞隃隩隺雊雱霅霨靬靰"
    "靸靺靽靿鞁鞡鞧鞨鞬鞮鞳韂韨颋颎颙飏飐飔飗饳饸饹饻馃馉馌馝馞馧驲骃骉骍骎骕骙骦髃髎髢髽鬒鬘鬶鬷魆魋鱽鱾"
    "鲀鲃鲉鲊鲌鲏鲖鲗鲘鲙鲝鲪鲬鲯鲹鲾鲿鳀鳁鳂鳈鳉鳑鳒鳚鳛鳠鳡鳣鳤鸤鸧鸮鸰鸻鸼鹀鹍鹐鹒鹔鹖鹙鹝鹟鹠鹡鹢鹮鹯"
    "鹲鹴麀麑麖麹黇黡鼒鼩鼫鼱齁齇齉龁龂龢鿍鿎鿏𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉𨱇"
    "𨱏𨱑𨱔𨺙𩽾𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀𫍣𫍯𫍲𫍽𫐄𫐐𫐓𫑡𫓧𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚕𫚖𫚭"
    "𫛭𫞩𫟅𫟦𫟹𫟼𫠆𫠊𫠜𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷𫸩𬀩𬀪𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤𬒈𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬"
    "𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽𬪩𬬩𬬭𬬮𬬱𬬸𬬹𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋"
    "𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓"
    "𠮷"
)


@dataclass(frozen=True)
class Source:
    """A package, the font to make of it, and where its licence is."""

    sha256: str
    font: str
    licence: str
    makes: str
    licence_as: str
    family: str
    wanted: Callable[[int], bool]


def _wide(code: int) -> bool:
    return any(first <= code <= last for first, last in WANTED_BLOCKS)


def _common(without: str = "") -> Callable[[int], bool]:
    """GB2312, the table of 2013, and of other scripts and signs what the widest font has."""
    rows = (bytes([first, second]) for first in range(0xA1, 0xF8) for second in range(0xA1, 0xFF))
    han = {ord(character) for row in rows for character in row.decode("gb2312", errors="ignore")}
    han |= set(map(ord, NAMES))
    return lambda code: chr(code) not in without and (code in han or (code < FIRST_HAN and _wide(code)))


SANS = "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59"
SERIF = "ff6bcf5ba68d92dfecc05544bb150f9e724741a932354a0dd97e7289c40a3f5e"
WENKAI = "6d1e4c4aac78ad32062aefa2c836ee4d6e58f9dcf8b3f4407c9eefe304615318"
TEXLIVE = "9cfa07bd44e7b9098e26f0ecac1b5ad210d2249d474c8074d53de92d650b0ec0"
OFL = "package/LICENSE_FONT"
SOURCES = (
    Source(
        SANS,
        "package/400Regular/NotoSansSC_400Regular.ttf",
        OFL,
        "NotoSansSC-Paper.ttf",
        "OFL.txt",
        "",
        _wide,
    ),
    Source(
        SERIF,
        "package/700Bold/NotoSerifSC_700Bold.ttf",
        OFL,
        "Biaosong-Paper.ttf",
        "Biaosong-OFL.txt",
        "Paper Biaosong",
        _common(NARROW_IN_SONG),
    ),
    Source(
        SERIF,
        "package/400Regular/NotoSerifSC_400Regular.ttf",
        OFL,
        "Songti-Paper.ttf",
        "Songti-OFL.txt",
        "Paper Songti",
        lambda code: chr(code) in PAGE_NUMBERS,
    ),
    Source(
        WENKAI,
        "./usr/share/fonts/truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf",
        "./usr/share/doc/fonts-lxgw-wenkai/copyright",
        "Kaiti-Paper.ttf",
        "Kaiti-OFL.txt",
        "Paper Kaiti",
        _common(NARROW_IN_KAITI),
    ),
    Source(
        TEXLIVE,
        "./usr/share/texlive/texmf-dist/fonts/opentype/public/fandol/FandolFang-Regular.otf",
        "./usr/share/doc/texlive-doc/fonts/fandol/COPYING.gz",
        "Fangsong-Paper.ttf",
        "Fangsong-GPL-3-with-font-exception.txt",
        "Paper Fangsong",
        _common(),
    ),
)


def main(packages: Iterable[Path]) -> None:
    """Write the fonts that the packages make; stop at one that is not a package that was reviewed."""
    FONTS.mkdir(parents=True, exist_ok=True)
    for package in packages:
        sources = [source for source in SOURCES if source.sha256 == _hash(package)]
        if not sources:
            sys.exit(f"{package} is not a package this script was written for")
        for source in sources:
            _make(package, source)


def _hash(package: Path) -> str:
    return hashlib.sha256(package.read_bytes()).hexdigest()


def _make(package: Path, source: Source) -> None:
    with tarfile.open(fileobj=io.BytesIO(_as_tar(package))) as archive:
        font = TTFont(io.BytesIO(_member(archive, source.font)), recalcTimestamp=False)
        licence = _member(archive, source.licence)
    FONTS.joinpath(source.licence_as).write_bytes(licence)
    _subset(font, source.wanted)
    if source.family:
        _in_a_role(font, source.family)
    font.save(FONTS / source.makes)


def _as_tar(package: Path) -> bytes:
    if package.suffix != ".deb":
        return package.read_bytes()
    return subprocess.run(["dpkg-deb", "--fsys-tarfile", package], stdout=subprocess.PIPE, check=True).stdout


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    member = archive.extractfile(name)
    if member is None:
        sys.exit(f"the package has no {name}")
    content = member.read()
    return gzip.decompress(content) if name.endswith(".gz") else content


def _subset(font: TTFont, wanted: Callable[[int], bool]) -> None:
    options = Options(hinting=False, layout_features=[], glyph_names=False, notdef_outline=True)
    options.drop_tables += UNWANTED
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for code in font.getBestCmap() if wanted(code)])
    subsetter.subset(font)


def _in_a_role(font: TTFont, family: str) -> None:
    """A font that stands in for others of its role: TrueType, of the common height, under a name of its own."""
    if "CFF " in font:
        _to_truetype(font)
    _without_empty_glyphs(font)
    scale = font["head"].unitsPerEm / 1000
    ascent, descent = round(ASCENT * scale), round(DESCENT * scale)
    heights, metrics = font["hhea"], font["OS/2"]
    heights.ascent, heights.descent, heights.lineGap = ascent, descent, 0
    metrics.sTypoAscender, metrics.sTypoDescender, metrics.sTypoLineGap = ascent, descent, 0
    metrics.usWinAscent, metrics.usWinDescent = ascent, -descent
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6, 16):
            record.string = family if record.nameID != 6 else family.replace(" ", "")


def _to_truetype(font: TTFont) -> None:
    """Cubic outlines to quadratic ones, within a thousandth of the type size."""
    names = font.getGlyphOrder()
    outlines = font.getGlyphSet()
    glyphs = font["glyf"] = newTable("glyf")
    font["loca"] = newTable("loca")
    glyphs.glyphOrder = names
    glyphs.glyphs = {name: _quadratic(outlines, name) for name in names}
    del font["CFF "]
    glyphs.compile(font)  # counts what the tables below state
    largest = font["maxp"] = newTable("maxp")
    largest.tableVersion = 0x00010000
    for limit in (
        "maxZones",
        "maxTwilightPoints",
        "maxStorage",
        "maxFunctionDefs",
        "maxInstructionDefs",
        "maxStackElements",
        "maxSizeOfInstructions",
        "maxComponentElements",
    ):
        setattr(largest, limit, 0)
    largest.maxZones = 1
    largest.compile(font)
    font.sfntVersion = "\x00\x01\x00\x00"


def _quadratic(outlines: object, name: str) -> object:
    pen = TTGlyphPen(outlines)
    outlines[name].draw(Cu2QuPen(pen, max_err=1.0, reverse_direction=True))  # type: ignore[index]
    return pen.glyph()


def _without_empty_glyphs(font: TTFont) -> None:
    """A character that the font maps to nothing is better drawn by the next font."""
    glyphs = font["glyf"]
    for table in font["cmap"].tables:
        table.cmap = {
            code: name
            for code, name in table.cmap.items()
            if chr(code).isspace() or glyphs[name].numberOfContours
        }


if __name__ == "__main__":
    if len(sys.argv) == 1:
        sys.exit(__doc__)
    main(map(Path, sys.argv[1:]))
