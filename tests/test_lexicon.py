"""The vocabulary: what the shipped tables promise, how an overlay changes them, and what the checker finds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noticeparse.errors import LexiconError
from noticeparse.lexicon.check import Problem, check_lexicon
from noticeparse.lexicon.load import (
    COLUMNS,
    ENVIRONMENT_VARIABLE,
    FIELDS,
    TABLES,
    fold,
    fold_all,
    load_lexicon,
    read_table,
    shipped_directory,
)

TAXONOMY = Path(__file__).parents[2] / "shared" / "taxonomy" / "data_types.tsv"


def write_table(folder: Path, name: str, *rows: str) -> Path:
    """A table of rows written with ``,`` between the cells; rows are padded with empty cells."""
    columns = COLUMNS[name]
    lines = ["\t".join(columns)]
    for row in rows:
        cells = row.split(",")
        lines.append("\t".join(cells + [""] * (len(columns) - len(cells))))
    path = folder / f"{name}.tsv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return path


# --- the shipped tables


def test_shipped_tables_have_no_problem() -> None:
    assert [str(problem) for problem in check_lexicon()] == []


def test_all_ids_of_the_taxonomy_are_defined() -> None:
    if not TAXONOMY.exists():
        pytest.skip(f"{TAXONOMY} is not here")
    rows = [line.split("\t") for line in TAXONOMY.read_text(encoding="utf-8").splitlines()[1:]]
    concepts = load_lexicon().concepts
    assert [row[0] for row in rows if row[0] not in concepts] == []
    for concept, zh, en, category, sensitive in rows:
        found = concepts[concept]
        assert (found.zh, found.en, found.category, found.sensitive) == (zh, en, category, sensitive == "yes")


def test_every_concept_has_a_term() -> None:
    lexicon = load_lexicon()
    assert set(lexicon.concepts) - set(lexicon.terms.values()) == set()


def test_every_field_has_a_label() -> None:
    assert set(load_lexicon().labels.values()) == FIELDS


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("使用目的", "purpose"),
        ("业务场景", "scenario"),
        ("第三方链接", "link"),
        ("网址", "link"),
        ("隐私政策链接", "privacy_policy"),
        ("官网", "website"),
        ("开发者", "provider"),
        ("权限声明代码", "permissions"),
        ("权限说明", "none"),
        ("序号", "none"),
        ("是否出境", "none"),
    ],
)
def test_labels(label: str, field: str) -> None:
    assert load_lexicon().labels[fold(label)] == field


@pytest.mark.parametrize(
    ("term", "concept"),
    [
        ("ＩＭＥＩ", "imei"),
        ("国际移动设备识别码（IMEI）", "imei"),
        ("Wi-Fi 列表", "wifi_list"),
        ("android id", "android_id"),
        ("OpenUDID", "openudid"),
        ("SIM卡序列号", "iccid"),
        ("设备序列号", "serial_number"),
        ("正在运行的进程", "running_apps"),
        ("已安装应用列表", "installed_apps"),
    ],
)
def test_terms(term: str, concept: str) -> None:
    assert load_lexicon().terms[fold(term)] == concept


@pytest.mark.parametrize("word", ["功能", "服务", "目的", "用途", "个人信息", "相关信息", "用户信息"])
def test_words_that_name_no_data_are_no_terms(word: str) -> None:
    assert fold(word) not in load_lexicon().terms


@pytest.mark.parametrize("wording", ["READ_PHONE_STATE", "android.permission.READ_PHONE_STATE", "读取手机状态和身份"])
def test_a_permission_is_known_by_label_and_constant(wording: str) -> None:
    assert load_lexicon().permissions[fold(wording)] == ("android.permission.READ_PHONE_STATE",)


def test_a_label_may_stand_for_several_constants() -> None:
    permissions = load_lexicon().permissions
    both = ("android.permission.CALL_PHONE", "android.permission.READ_PHONE_STATE")
    assert permissions["手机/电话权限"] == permissions["手机/电话"] == both
    assert len(permissions["存储权限"]) == 2


def test_a_label_of_two_systems() -> None:
    lexicon = load_lexicon()
    assert lexicon.permissions["相机权限"] == ("android.permission.CAMERA",)
    assert lexicon.system_permissions["ios"]["相机权限"] == ("NSCameraUsageDescription",)
    assert lexicon.system_permissions["harmonyos"]["相机权限"] == ("ohos.permission.CAMERA",)
    assert lexicon.permissions["nscamerausagedescription"] == ("NSCameraUsageDescription",)


# The platform's list of permissions that it asks the user for, as of Android 16.
DANGEROUS = [
    "ACCEPT_HANDOVER",
    "ACCESS_BACKGROUND_LOCATION",
    "ACCESS_COARSE_LOCATION",
    "ACCESS_FINE_LOCATION",
    "ACCESS_MEDIA_LOCATION",
    "ACTIVITY_RECOGNITION",
    "ANSWER_PHONE_CALLS",
    "BLUETOOTH_ADVERTISE",
    "BLUETOOTH_CONNECT",
    "BLUETOOTH_SCAN",
    "BODY_SENSORS",
    "BODY_SENSORS_BACKGROUND",
    "CALL_PHONE",
    "CAMERA",
    "GET_ACCOUNTS",
    "NEARBY_WIFI_DEVICES",
    "POST_NOTIFICATIONS",
    "PROCESS_OUTGOING_CALLS",
    "RANGING",
    "READ_CALENDAR",
    "READ_CALL_LOG",
    "READ_CONTACTS",
    "READ_EXTERNAL_STORAGE",
    "READ_MEDIA_AUDIO",
    "READ_MEDIA_IMAGES",
    "READ_MEDIA_VIDEO",
    "READ_MEDIA_VISUAL_USER_SELECTED",
    "READ_PHONE_NUMBERS",
    "READ_PHONE_STATE",
    "READ_SMS",
    "RECEIVE_MMS",
    "RECEIVE_SMS",
    "RECEIVE_WAP_PUSH",
    "RECORD_AUDIO",
    "SEND_SMS",
    "USE_SIP",
    "UWB_RANGING",
    "WRITE_CALENDAR",
    "WRITE_CALL_LOG",
    "WRITE_CONTACTS",
    "WRITE_EXTERNAL_STORAGE",
]
SPECIAL = [
    "MANAGE_EXTERNAL_STORAGE",
    "MANAGE_MEDIA",
    "PACKAGE_USAGE_STATS",
    "REQUEST_IGNORE_BATTERY_OPTIMIZATIONS",
    "REQUEST_INSTALL_PACKAGES",
    "SCHEDULE_EXACT_ALARM",
    "SYSTEM_ALERT_WINDOW",
    "WRITE_SETTINGS",
    "ACCESS_NOTIFICATION_POLICY",
    "BIND_ACCESSIBILITY_SERVICE",
    "BIND_DEVICE_ADMIN",
    "BIND_NOTIFICATION_LISTENER_SERVICE",
    "BIND_VPN_SERVICE",
    "USE_FULL_SCREEN_INTENT",
]
IOS_KEYS = [
    "AppleMusic",
    "BluetoothAlways",
    "BluetoothPeripheral",
    "Calendars",
    "CalendarsFullAccess",
    "CalendarsWriteOnlyAccess",
    "Camera",
    "Contacts",
    "FaceID",
    "HealthShare",
    "HealthUpdate",
    "HomeKit",
    "LocalNetwork",
    "LocationAlways",
    "LocationAlwaysAndWhenInUse",
    "Location",
    "LocationWhenInUse",
    "Microphone",
    "Motion",
    "NearbyInteraction",
    "PhotoLibrary",
    "PhotoLibraryAdd",
    "Reminders",
    "RemindersFullAccess",
    "Siri",
    "SpeechRecognition",
    "UserTracking",
]
HARMONY = [
    "CAMERA",
    "MICROPHONE",
    "LOCATION",
    "APPROXIMATELY_LOCATION",
    "LOCATION_IN_BACKGROUND",
    "READ_IMAGEVIDEO",
    "WRITE_IMAGEVIDEO",
    "READ_CALENDAR",
    "WRITE_CALENDAR",
    "READ_CONTACTS",
    "READ_PASTEBOARD",
    "ACTIVITY_MOTION",
    "READ_HEALTH_DATA",
    "ACCESS_BLUETOOTH",
    "APP_TRACKING_CONSENT",
    "DISTRIBUTED_DATASYNC",
    "MEDIA_LOCATION",
    "INTERNET",
    "GET_NETWORK_INFO",
    "GET_WIFI_INFO",
    "VIBRATE",
    "ACCELEROMETER",
    "GYROSCOPE",
]


@pytest.mark.parametrize(
    ("system", "constants"),
    [
        ("android", [f"android.permission.{name}" for name in (*DANGEROUS, *SPECIAL)]),
        ("android", ["com.android.voicemail.permission.ADD_VOICEMAIL"]),
        ("ios", [f"NS{name}UsageDescription" for name in IOS_KEYS]),
        ("harmonyos", [f"ohos.permission.{name}" for name in HARMONY]),
    ],
)
def test_the_platforms_own_permissions_are_all_there(system: str, constants: list[str]) -> None:
    rows = read_table(shipped_directory() / "permissions.tsv", "permissions").rows
    labelled = {name for row in rows if row[1] == system for name in row[0].split("|")}
    assert [name for name in constants if name not in labelled] == []
    assert [name for name in constants if load_lexicon().permissions[fold(name)] != (name,)] == []


def test_what_the_platform_asks_for_is_marked_as_dangerous() -> None:
    rows = read_table(shipped_directory() / "permissions.tsv", "permissions").rows
    levels = {(row[0].removeprefix("android.permission."), row[3]) for row in rows if row[1] == "android"}
    assert [name for name in DANGEROUS if (name, "dangerous") not in levels] == []
    assert [name for name, level in levels if name in DANGEROUS and level != "dangerous"] == []


def test_a_bare_facility_is_a_permission_by_context_only() -> None:
    bare = load_lexicon().bare_permissions
    assert {"相机", "位置信息", "网络状态"} <= bare
    assert "读取手机状态和身份" not in bare


def test_platforms_and_releases() -> None:
    lexicon = load_lexicon()
    assert set(lexicon.platforms) == {"Android", "iOS", "HarmonyOS", "小程序", "Web", "PC"}
    assert lexicon.os_versions["q"] == "10"
    assert lexicon.os_versions["pie"] == lexicon.os_versions["p"] == "9"


def test_words_come_longest_first() -> None:
    for words in load_lexicon().words.values():
        assert list(words) == sorted(words, key=len, reverse=True)


def test_names_lead_to_their_ids() -> None:
    lexicon = load_lexicon()
    assert lexicon.company_names[fold("深圳市腾讯计算机系统有限公司")] == "tencent"
    assert lexicon.sdk_names[fold("极光 PUSH")] == "jpush"
    assert lexicon.sdks["jpush"].company in lexicon.companies
    assert all(sdk.company is None or sdk.company in lexicon.companies for sdk in lexicon.sdks.values())


# --- fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Wi-Fi　MAC_地址（全角）", "wifimac地址(全角)"),
        ("ＳＤＫ：名称", "sdk:名称"),
        ("极光 · Push", "极光push"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x1f"))))
def test_folding_many_is_folding_each(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


# --- overlays


def test_overlay_rows_win(tmp_path: Path) -> None:
    write_table(tmp_path, "data_terms", "other,IMEI", "serial_number,棉花糖编码")
    write_table(tmp_path, "labels", "website,网址")
    write_table(tmp_path, "words", "absent,查无此项")
    write_table(tmp_path, "companies", "jiguang,某某新名有限公司,,某某新名")
    plain, laid = load_lexicon(), load_lexicon(tmp_path)
    assert (plain.terms["imei"], laid.terms["imei"]) == ("imei", "other")
    assert laid.terms["棉花糖编码"] == "serial_number"
    assert laid.labels["网址"] == "website"
    assert laid.words["absent"] == tuple(sorted(laid.words["absent"], key=len, reverse=True))
    assert set(laid.words["absent"]) == {*plain.words["absent"], "查无此项"}
    assert laid.companies["jiguang"].name == "某某新名有限公司"
    assert laid.version != plain.version
    assert laid.terms.keys() == {*plain.terms.keys(), "棉花糖编码"}


def test_the_environment_names_an_overlay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_table(tmp_path, "data_terms", "serial_number,棉花糖编码")
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, str(tmp_path))
    assert load_lexicon() is load_lexicon(str(tmp_path))
    monkeypatch.setenv(ENVIRONMENT_VARIABLE, "")
    assert "棉花糖编码" not in load_lexicon().terms


def test_a_table_from_windows_is_read(tmp_path: Path) -> None:
    path = write_table(tmp_path, "data_terms", "serial_number,棉花糖编码")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert load_lexicon(tmp_path).terms["棉花糖编码"] == "serial_number"


def broken_header(folder: Path) -> None:
    (folder / "labels.tsv").write_text("label\tfield\tsource\n", encoding="utf-8")


def broken_width(folder: Path) -> None:
    (folder / "labels.tsv").write_text("field\tlabel\tsource\npurpose\t用途\n", encoding="utf-8")


def broken_bytes(folder: Path) -> None:
    (folder / "labels.tsv").write_bytes("field\tlabel\tsource\npurpose\t用途\t\n".encode("gb18030"))


def broken_id(folder: Path) -> None:
    write_table(folder, "labels", "purpose,用途", "porpoise,目的")


def broken_name(folder: Path) -> None:
    (folder / "label.tsv").write_text("field\tlabel\tsource\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (broken_header, "labels.tsv:1: the header must be the columns field, label, source"),
        (broken_width, "labels.tsv:2: has 2 columns instead of 3"),
        (broken_bytes, "labels.tsv:2: is not UTF-8: byte 0xd3"),
        (broken_id, "labels.tsv:3: unknown field 'porpoise'"),
        (broken_name, "label.tsv:1: no table has this name"),
        (lambda folder: None, ": holds no lexicon table"),
        (lambda folder: folder.rmdir(), ": no such folder of lexicon tables"),
    ],
)
def test_a_broken_overlay_is_refused(tmp_path: Path, spoil: Callable[[Path], None], message: str) -> None:
    spoil(tmp_path)
    with pytest.raises(LexiconError) as caught:
        load_lexicon(tmp_path)
    assert str(tmp_path) in str(caught.value)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert isinstance(caught.value, ValueError)


# --- the checker: one small mistake, exactly one problem


@pytest.mark.parametrize(
    ("table", "rows", "line", "cause"),
    [
        ("data_terms", ["imei,甲乙丙码", "imei,甲乙 丙码"], 3, "out of order"),
        ("data_terms", ["imei,甲乙 丙码", "imei,甲乙丙码"], 3, "'甲乙丙码' is a duplicate of line 2"),
        ("data_terms", ["imei,甲乙丙码", "imsi,甲乙丙码"], 3, "'甲乙丙码' is imsi here and imei in line 2"),
        ("data_terms", ["imey,甲乙丙码"], 2, "concept: unknown id 'imey'"),
        ("data_terms", ["imei,甲乙丙码", "aaid,丁戊己码"], 3, "out of order: 'aaid 丁戊己码'"),
        ("data_terms", ["imei,"], 2, "term is empty"),
        ("data_terms", ["imei, 甲乙丙码"], 2, "term: leading or trailing blank"),
        ("data_terms", ["imei,甲乙丙码\u3000"], 2, "term: leading or trailing blank"),
        ("data_terms", ["imei,甲乙\u200b丙码"], 2, "term: control, invisible or replacement character U+200B"),
        ("data_terms", ["imei,甲乙\x07丙码"], 2, "term: control, invisible or replacement character U+0007"),
        ("data_terms", ["imei,Ａ乙丙码"], 2, "term: full-width letter or digit U+FF21"),
        ("data_types", ["Foo,甲,A,device,no"], 2, "concept: 'Foo' is not an id"),
        ("data_types", ["foo,甲,A,device,maybe"], 2, "sensitive: 'maybe' is not yes or no"),
        ("labels", ["porpoise,目的"], 2, "field: 'porpoise' is not a field"),
        ("labels", ["purpose,用途", "scenario,用途"], 3, "'用途' is scenario here and purpose in line 2"),
        (
            "permissions",
            ["a.CAMERA,symbian,甲乙,normal,X,no"],
            2,
            "platform: 'symbian' is not android, harmonyos or ios",
        ),
        ("permissions", ["a.CAMERA||a.NFC,ios,甲乙,normal,X,no"], 2, "permission: empty or repeated part"),
        (
            "permissions",
            ["a.A,ios,甲乙,normal,X,no", "a.B,ios,甲乙权限,normal,X,no"],
            3,
            "'甲乙权限' is a.B here and a.A",
        ),
        ("permissions", ["a.A,ios,网络状态,normal,X,no"], 2, "bare: must be yes"),
        ("qualifiers", ["optional,yes,可选", "optional,yes,可选"], 3, "'可选' is a duplicate of line 2"),
        ("companies", ["foo,福有限公司,,,,bar"], 2, "group: unknown id 'bar'"),
        ("companies", ["a,甲甲公司,,,,a"], 2, "group: a is its own group"),
        ("companies", ["a,甲甲公司,,甲", "b,乙乙公司,,乙,,,,甲"], 3, "'甲' also names a in line 2"),
        ("companies", ["a,甲甲公司,,甲,,,,甲"], 2, "'甲' stands twice in its row"),
        ("companies", ["a,甲甲公司,,甲,,,http://a.cn/x"], 2, "domains: 'http://a.cn/x' is not domains"),
        ("companies", ["a,甲甲公司,,甲,甲"], 2, "'甲' stands twice in its row"),
        ("companies", ["a,甲甲公司,,甲,,,com.cn"], 2, "domains: 'com.cn' is no domain that one can register"),
        ("sdks", ["a,甲SDK,,,,a.notasuffix"], 2, "domains: 'a.notasuffix' is no domain"),
        ("sdks", ["a,甲SDK,,,,,com.a."], 2, "packages: 'com.a.' is not prefixes"),
        ("sdks", ["foo,福SDK,,nobody"], 2, "company: unknown id 'nobody'"),
        ("sdks", ["a,甲SDK", "b,乙SDK,甲 sdk"], 3, "'甲 sdk' also names a in line 2"),
        ("words", ["identifier,imey"], 2, "word: unknown id 'imey'"),
        ("os_versions", ["android,Q,ten"], 2, "number: 'ten' is not a version number"),
        ("platforms", ["Symbian,塞班"], 2, "platform: 'Symbian' is not a platform"),
        ("platforms", ["Android,塞班", "iOS,塞班"], 3, "'塞班' is iOS here and Android in line 2"),
    ],
)
def test_each_mistake_is_found(tmp_path: Path, table: str, rows: list[str], line: int, cause: str) -> None:
    path = write_table(tmp_path, table, *rows)
    problems = check_lexicon(tmp_path)
    wanted = [problem for problem in problems if cause in problem.cause]
    assert [(problem.file, problem.line) for problem in wanted] == [(str(path), line)], problems
    if cause != "out of order":
        assert problems == wanted


def test_a_circle_of_groups_is_found_in_each_of_its_rows(tmp_path: Path) -> None:
    write_table(tmp_path, "companies", "a,甲甲公司,,,,c", "b,乙乙公司,,,,a", "c,丙丙公司,,,,b", "d,丁丁公司,,,,a")
    assert [(problem.line, problem.cause) for problem in check_lexicon(tmp_path)] == [
        (2, "group: a is its own group by way of c"),
        (3, "group: b is its own group by way of a"),
        (4, "group: c is its own group by way of b"),
    ]


@pytest.mark.parametrize(
    ("data", "line", "cause"),
    [
        (b"\xef\xbb\xbffield\tlabel\tsource\n", 1, "begins with a byte order mark"),
        (b"field\tlabel\tsource\nnone\tabc\t\r\n", 2, "ends in a carriage return"),
        (b"field\tlabel\tsource\nnone\tabc\t", 2, "has no line feed at its end"),
        (b"field\tlabel\tsource\nnone\tabc\n", 2, "has 2 columns instead of 3"),
        (b"field\tlabel\nnone\tabc\n", 1, "the header must be the columns field, label, source"),
        (b"", 1, "the header must be the columns field, label, source"),
        (b"field\tlabel\tsource\nnone\t\xff\t\n", 2, "is not UTF-8: byte 0xff"),
    ],
)
def test_a_mistake_of_form_is_found(tmp_path: Path, data: bytes, line: int, cause: str) -> None:
    path = tmp_path / "labels.tsv"
    path.write_bytes(data)
    assert check_lexicon(tmp_path) == [Problem(str(path), line, cause)]
    assert str(check_lexicon(tmp_path)[0]) == f"{path}:{line}: {cause}"


def test_an_unknown_table_is_found(tmp_path: Path) -> None:
    path = tmp_path / "label.tsv"
    path.write_text("field\tlabel\tsource\n", encoding="utf-8")
    problems = check_lexicon(tmp_path)
    assert [(problem.file, problem.line) for problem in problems] == [(str(path), 1)]
    assert "unknown table" in problems[0].cause


def test_an_empty_folder_cannot_be_checked(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="holds no lexicon table"):
        check_lexicon(tmp_path)


def test_an_overlay_may_point_to_shipped_ids(tmp_path: Path) -> None:
    write_table(tmp_path, "data_terms", "imei,甲乙丙码")
    write_table(tmp_path, "sdks", "foo,福SDK,,tencent")
    assert check_lexicon(tmp_path) == []


# --- the description of the tables


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(shipped_directory(), tmp_path / "lexicons"))


def describe(folder: Path, change: Callable[[dict[str, dict[str, object]]], object]) -> list[Problem]:
    """The problems after a change to the described resources, by name."""
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    resources = {resource["name"]: resource for resource in package["resources"]}
    change(resources)
    package["resources"] = list(resources.values())
    path.write_text(json.dumps(package, ensure_ascii=False, indent=2), encoding="utf-8")
    return check_lexicon(folder)


def test_the_description_names_all_tables(copy: Path) -> None:
    package = json.loads((copy / "datapackage.json").read_text(encoding="utf-8"))
    assert sorted(resource["name"] for resource in package["resources"]) == sorted(TABLES)
    assert describe(copy, lambda resources: None) == []


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (lambda r: r.pop("words"), "table words is not described"),
        (lambda r: r["words"].update(path="word.tsv"), 'resource words: path must be "words.tsv"'),
        (lambda r: r["words"]["schema"]["fields"].pop(), "resource words: schema.fields must be"),
        (lambda r: r["words"]["schema"].update(primaryKey="word"), "resource words: schema.primaryKey must be"),
        (lambda r: r["sdks"]["schema"].pop("foreignKeys"), "resource sdks: schema.foreignKeys must be"),
        (lambda r: r["words"].pop("noticeparse:order"), "resource words: noticeparse:order must be"),
        (lambda r: r.update(foo={"name": "foo"}), "resource foo is no lexicon table"),
    ],
)
def test_a_description_that_disagrees_is_found(
    copy: Path, change: Callable[[dict[str, dict[str, object]]], object], cause: str
) -> None:
    problems = describe(copy, change)
    assert [problem.file for problem in problems] == [str(copy / "datapackage.json")]
    assert problems[0].cause.startswith(cause)


def test_a_missing_table_is_found(copy: Path) -> None:
    (copy / "platforms.tsv").unlink()
    assert [problem.cause for problem in check_lexicon(copy)] == ["platforms.tsv is missing"]


def test_a_description_that_is_not_json_is_found(copy: Path) -> None:
    (copy / "datapackage.json").write_text('{\n"resources": [', encoding="utf-8")
    problems = check_lexicon(copy)
    assert [(problem.file, problem.line) for problem in problems] == [(str(copy / "datapackage.json"), 2)]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("", None),
        ("sdk\t名称\t\n", None),
        ("sdk\t名称\t\nsdk\t产品\tx", None),
        ("\n", "2: has 1"),
        ("sdk\t名称\t\n\nsdk\t产品\t\n", "3: has 1"),
        ("sdk\t名称\t\tsdk\t产品\t\n", "2: has 6"),
        ("sdk\t名称\nsdk\t产品\t\t\n", "2: has 2"),
        ("sdk\t名称\t\nsdk\tb\tc\td\te\tf\nsdk\n\t\n", "3: has 6"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_first_row_of_another_width_is_told(tmp_path: Path, body: str, place: str | None, end: str) -> None:
    path = tmp_path / "labels.tsv"
    path.write_bytes(("field\tlabel\tsource\n" + body).replace("\n", end).encode())
    if place is None:
        lines = body.removesuffix("\n").split("\n") if body else []
        assert read_table(path, "labels").rows == [tuple(line.split("\t")) for line in lines]
        return
    with pytest.raises(LexiconError) as raised:
        read_table(path, "labels")
    assert str(raised.value) == f"{path}:{place} columns instead of 3"
