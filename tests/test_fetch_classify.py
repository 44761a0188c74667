"""What came back, told by its bytes and words; and what a list of sources may say."""

from __future__ import annotations

import zipfile
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document as Docx
from jsonschema import Draft202012Validator
from openpyxl import Workbook

from noticeparse.document import read_document
from noticeparse.errors import InputError
from noticeparse.fetch.classify import Classifier
from noticeparse.fetch.content import read_content
from noticeparse.fetch.follow import MOST, list_links
from noticeparse.fetch.options import Render
from noticeparse.fetch.outcome import MEANINGS, Outcome, Verdict
from noticeparse.fetch.session import Hop, Response
from noticeparse.fetch.sources import Source, check_sources, json_schema, read_sources
from noticeparse.lexicon.load import load_lexicon
from tests.web import NOTICE_TEXT, SHELL, html

URL = "https://app.example/sdk"


def verdict(
    body: bytes | str,
    *,
    status: int = 200,
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "text/html"),),
    url: str = URL,
    hops: tuple[Hop, ...] = (),
    rendered: bool = False,
    selector: str | None = None,
) -> Verdict:
    data = body.encode("utf-8") if isinstance(body, str) else body
    response = Response(url, hops, status, headers, data, "2026-01-01T00:00:00.000Z", 0.1)
    content = read_content(data, source=url, header=response.header("content-type"), selector=selector)
    return Classifier(load_lexicon()).classify(response, content, rendered=rendered)


def test_every_outcome_has_a_meaning() -> None:
    assert set(MEANINGS) == set(Outcome)
    assert [outcome for outcome in Outcome if outcome.succeeded] == [Outcome.OK, Outcome.NOT_MODIFIED]


@pytest.mark.parametrize(
    "text",
    [
        NOTICE_TEXT,
        "我们接入的第三方会收集您的设备信息",
        "合作伙伴名单 共享信息：手机号",
        "第三方合作夥伴 收集個人資料",
        "Third-party SDKs collect personal information",
    ],
)
def test_notices(text: str) -> None:
    assert verdict(html(text)).outcome is Outcome.OK
    assert verdict(text, headers=(("Content-Type", "text/plain"),)).outcome is Outcome.OK


@pytest.mark.parametrize(("status", "outcome"), [(304, Outcome.NOT_MODIFIED), (401, Outcome.LOGIN)])
def test_statuses_that_say_it_all(status: int, outcome: Outcome) -> None:
    assert verdict(b"", status=status).outcome is outcome


@pytest.mark.parametrize("status", [400, 403, 404, 410, 418, 429, 500, 503])
def test_error_statuses_even_with_a_notice_s_words(status: int) -> None:
    assert verdict(html(), status=status) == Verdict(Outcome.HTTP_ERROR, str(status))


@pytest.mark.parametrize(
    ("body", "status", "headers"),
    [
        (html("请完成安全验证后继续访问"), 200, ()),
        (html("拖动滑块完成拼图"), 403, ()),
        (html("您的访问过于频繁，请稍后再试"), 429, ()),
        (html("Just a moment...", head="<title>Just a moment...</title>"), 503, ()),
        (html("请稍候", head="<script>window._cf_chl_opt={}</script>"), 403, ()),
        ("<script>document.cookie='__jsl_clearance=1';location.reload()</script>", 521, ()),
        ("<html><script>var arg1='0A'; setCookie('acw_sc__v2', x)</script></html>", 200, ()),
        (html("hold on"), 403, (("CF-Mitigated", "challenge"),)),
    ],
)
def test_challenges(body: str, status: int, headers: tuple[tuple[str, str], ...]) -> None:
    assert verdict(body, status=status, headers=headers).outcome is Outcome.CHALLENGE


@pytest.mark.parametrize(
    ("body", "url", "hops"),
    [
        ("<html><body><form><input name=u><input type='password' name=p></form></body></html>", URL, ()),
        (html("请先登录后查看协议"), URL, ()),
        (html("欢迎"), "https://passport.app.example/x", (Hop(URL, 302, "https://passport.app.example/x"),)),
        (
            html("欢迎"),
            "https://app.example/user/login?next=%2Fsdk",
            (Hop(URL, 302, "https://app.example/user/login"),),
        ),
    ],
)
def test_login_pages(body: str, url: str, hops: tuple[Hop, ...]) -> None:
    assert verdict(body, url=url, hops=hops).outcome is Outcome.LOGIN


def test_a_notice_that_speaks_of_logging_in_is_a_notice() -> None:
    text = f"{NOTICE_TEXT}\n一键登录SDK\n使用目的：请登录时完成安全验证\n"
    assert verdict(html(text)).outcome is Outcome.OK
    assert verdict(html(text) + "<input type=password>").outcome is Outcome.OK


@pytest.mark.parametrize(
    "body",
    [
        SHELL,
        "<html><body><noscript>请启用JavaScript</noscript><div id=root></div><script src=/a.js></script></body></html>",
        "<html><head><meta http-equiv='refresh' content='0;url=/real'></head><body></body></html>",
    ],
)
def test_shells(body: str | bytes) -> None:
    assert verdict(body).outcome is Outcome.NEEDS_RENDERING
    assert verdict(body, rendered=True).outcome in (Outcome.EMPTY, Outcome.NOT_A_NOTICE)


@pytest.mark.parametrize("body", [html("今日天气晴朗，适合出行。"), html("Page not found"), "hello", "<html></html>x"])
def test_pages_that_are_no_notice(body: str) -> None:
    assert verdict(body).outcome is Outcome.NOT_A_NOTICE


@pytest.mark.parametrize("body", [b"", b" \n\t\r\n", b"\xef\xbb\xbf"])
def test_nothing_at_all(body: bytes) -> None:
    assert verdict(body).outcome is Outcome.EMPTY


def archive(*names: str) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "image/png"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 50, "image/jpeg"),
        (b"GIF89a" + b"\0" * 50, "image/gif"),
        (b"RIFF\x10\0\0\0WEBPVP8 ", "image/webp"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "application/x-ole-storage"),
        (archive("a.txt"), "application/zip"),
        (b"PK\x03\x04 broken", "application/zip"),
        (b'{"code": 0, "msg": "ok"}', "application/json"),
        (bytes(range(256)) * 4, "application/octet-stream"),
    ],
)
def test_types_that_hold_no_readable_text_whatever_they_are_called(body: bytes, media_type: str) -> None:
    for header in ("text/html", "application/pdf"):
        assert verdict(body, headers=(("Content-Type", header),)).outcome is Outcome.UNSUPPORTED_TYPE
        assert read_content(body, source="https://a.example/notice.html", header=header).media_type == media_type


def test_what_has_a_reader_is_told_as_the_reader_tells_it() -> None:
    sheet, text = BytesIO(), BytesIO()
    Workbook().save(sheet)
    Docx().save(text)
    assert read_content(sheet.getvalue(), source=URL).media_type.endswith("spreadsheetml.sheet")
    assert read_content(text.getvalue(), source=URL).media_type.endswith("wordprocessingml.document")
    assert read_content(b"%PDF-1.7\n%broken", source=URL).media_type == "application/pdf"
    assert read_content(b"\r\n\0%PDF-1.7\n%broken", source=URL).media_type == "application/pdf"


@pytest.mark.parametrize("transfer", ["quoted-printable", "base64"])
def test_a_saved_page_is_read_whatever_the_server_calls_it(transfer: str) -> None:
    page = EmailMessage()
    page["Snapshot-Content-Location"] = URL
    page.set_content(html(NOTICE_TEXT), subtype="html", charset="utf-8", cte=transfer)
    page.make_related()
    for header in ("text/html", "application/octet-stream", "multipart/related"):
        content = read_content(page.as_bytes(policy=SMTP), source=URL, header=header)
        assert content.media_type == "multipart/related"
        assert content.document is not None
        assert "示例统计科技有限公司" in content.document.text
        assert verdict(page.as_bytes(policy=SMTP), headers=(("Content-Type", header),)).outcome is Outcome.OK


def test_a_docx_under_a_false_name_and_type_is_read() -> None:
    file = Docx()
    for line in NOTICE_TEXT.splitlines():
        file.add_paragraph(line)
    buffer = BytesIO()
    file.save(buffer)
    content = read_content(buffer.getvalue(), source="https://a.example/page.html", header="text/html; charset=gbk")
    assert content.document is not None
    assert "示例统计科技有限公司" in content.document.text
    assert verdict(buffer.getvalue()).outcome is Outcome.OK


# ---------------------------------------------------------------- charsets

RARE = NOTICE_TEXT.replace("青禾", "喆㼆€")  # 㼆 and € are in GB18030, not in GB 2312


@pytest.mark.parametrize(
    ("data", "header", "encoding"),
    [
        (html(RARE, head='<meta charset="gb2312">').encode("gb18030"), "text/html", None),
        (html(RARE).encode("gb18030"), "text/html; charset=gb2312", None),
        (html(RARE).encode("gb18030"), "text/html; charset=utf-8", None),
        (html(RARE).encode("gb18030"), "text/html; charset=iso-8859-1", None),
        (html(RARE).encode("gb18030"), "text/html", "gbk"),
        (html(RARE, head='<meta charset="gbk">').encode("utf-8"), "text/html; charset=gb2312", None),
        (b"\xef\xbb\xbf" + html(RARE).encode("utf-8"), "text/html; charset=gbk", None),
        (html(RARE).encode("utf-16"), "text/html; charset=utf-8", None),
        (html(RARE).encode("utf-8"), None, None),
        (html(RARE).encode("utf-8"), "text/html; charset=no-such-thing", None),
    ],
)
def test_charsets_whatever_is_declared(data: bytes, header: str | None, encoding: str | None) -> None:
    content = read_content(data, source=URL, header=header, encoding=encoding)
    assert content.document is not None
    assert "喆㼆€记账第三方SDK目录" in content.document.text
    assert content.media_type == "text/html"


def test_traditional_characters_in_big5() -> None:
    text = "第三方SDK目錄\n合作夥伴：示例推送\n收集個人資料：裝置型號\n"
    data = html(text, head='<meta charset="big5">').encode("big5")
    assert verdict(data).outcome is Outcome.OK


def test_bytes_in_no_encoding() -> None:
    damaged = html(NOTICE_TEXT * 3).encode("utf-8").replace("目录".encode(), b"\xff\xfe\xfa")
    assert verdict(damaged).outcome is Outcome.UNDECODABLE


# ---------------------------------------------------------------- selectors and links


def test_a_selector_takes_the_notice_out_of_the_page() -> None:
    page = f"<html><body><nav>第三方 个人信息 菜单</nav><main id=n>{html()}</main></body></html>"
    content = read_content(page.encode(), source=URL, selector="#n")
    assert content.document is not None
    assert content.document.text.startswith("青禾记账")
    assert "菜单" not in content.document.text


def test_a_selector_that_matches_nothing() -> None:
    found = verdict(html(), selector="#gone")
    assert found == Verdict(Outcome.NOT_A_NOTICE, "nothing on the page matches the selector #gone")


def test_links_to_lists() -> None:
    page = """<html><body>第三方 个人信息
      <a href="/a.html">《第三方SDK目录》</a> <a href="b.html#x">第三方信息共享清单</a> <a href="/a.html#again">SDK列表</a>
      <a href="https://other.example/c">合作方名单</a> <a href="/own">个人信息收集清单</a> <a href="/p">隐私政策</a>
      <a href="javascript:void(0)">第三方SDK清单</a> <a href="#top">第三方SDK说明</a> <a href="/sdk/x">第三方服务</a></body></html>"""
    document = read_document("p", page.encode(), media_type="text/html")
    assert list_links(document, "https://app.example/policy/index.html", load_lexicon()) == [
        "https://app.example/a.html",
        "https://app.example/policy/b.html",
        "https://other.example/c",
    ]


def test_links_to_lists_have_an_end() -> None:
    page = "".join(f"<p><a href='/{index}'>第三方SDK目录{index}</a></p>" for index in range(50))
    document = read_document("p", page.encode(), media_type="text/html")
    assert len(list_links(document, URL, load_lexicon())) == MOST


# ---------------------------------------------------------------- lists of sources


def written(tmp_path: Path, content: str | bytes, name: str = "sources.csv") -> str:
    path = tmp_path / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return str(path)


FULL = Source(
    *("mall", "青禾, 商城", "https://a.example/sdk"),
    platform="Android",
    kind="sdk_list",
    selector="#main > p",
    encoding="gbk",
    render=Render.ALWAYS,
    headers={"X-A": "1,2"},
    note="unverified",
)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (
            "s.csv",
            "app_id,name,url,platform,kind,selector,encoding,render,headers,note\n"
            'mall,"青禾, 商城",https://a.example/sdk,Android,sdk_list,#main > p,gbk,always,"{""X-A"":""1,2""}",unverified\n',
        ),
        (
            "s.tsv",
            "note\tapp_id\tname\turl\tplatform\tkind\tselector\tencoding\trender\theaders\n"
            'unverified\tmall\t"青禾, 商城"\thttps://a.example/sdk\tAndroid\tsdk_list\t#main > p\tgbk\talways\t'
            '"{""X-A"": ""1,2""}"\n',
        ),
        (
            "s.jsonl",
            '{"app_id":"mall","name":"青禾, 商城","url":"https://a.example/sdk","platform":"Android","kind":"sdk_list",'
            '"selector":"#main > p","encoding":"gbk","render":"always","headers":{"X-A":"1,2"},"note":"unverified"}\n\n',
        ),
    ],
)
def test_three_forms_of_a_list(tmp_path: Path, name: str, content: str) -> None:
    assert read_sources(written(tmp_path, content, name)) == [FULL]
    assert read_sources(written(tmp_path, content, "named-otherwise")) == [FULL]


def test_a_list_saved_by_a_spreadsheet(tmp_path: Path) -> None:
    content = "app_id,name,url\r\nmall,青禾商城的应用,https://a.example/\r\n\r\n"
    for data in (content.encode("utf-8-sig"), content.encode("gbk")):
        (found,) = read_sources(written(tmp_path, data))
        assert found.name == "青禾商城的应用"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("app_id,name\na,A\n", (1, "no column 'url'")),
        ("app_id,name,url,uri\n", (1, "unknown column 'uri'")),
        ("app_id,name,url,url\na,A,https://a.example/,x\n", (1, "a column stands twice")),
        ("app_id,name,url\na,A\n", (2, "2 cells, the header has 3")),
        ("app_id,name,url\na,,https://a.example/\n", (2, "missing required field `name`")),
        ("app_id,name,url\na b,A,https://a.example/\n", (2, "app_id")),
        ("app_id,name,url\na,A,ftp://a.example/\n", (2, "url")),
        ("app_id,name,url\na,A,https://u:p@a.example/\n", (2, "user name or password")),
        ("app_id,name,url\na,A,https://a.example/\n\na,A,https://a.example/\n", (4, "the same app and url as line 2")),
        ("app_id,name,url,platform\na,A,https://a.example/,Symbian\n", (2, "Symbian")),
        ("app_id,name,url,encoding\na,A,https://a.example/,klingon\n", (2, "'klingon' is unknown")),
        ("app_id,name,url,selector\na,A,https://a.example/,p[\n", (2, "selector")),
        ("app_id,name,url,render\na,A,https://a.example/,maybe\n", (2, "maybe")),
        ("app_id,name,url,headers\na,A,https://a.example/,x\n", (2, "not JSON")),
        ('app_id,name,url,headers\na,A,https://a.example/,"{""Host"":""x""}"\n', (2, "'Host' cannot be set")),
        ('app_id,name,url,headers\na,A,https://a.example/,"{""X"":""a\\nb""}"\n', (2, "line break")),
        ('app_id,name,url\na,"A,https://a.example/\n', (2, "not CSV")),
        ("app_id,name,url\n", (1, "no rows")),
        ('{"app_id":"a","name":"A"}\n', (1, "missing required field `url`")),
        ('{"app_id":"a","name":"A","url":"https://a.example/","more":1}\n', (1, "unknown field `more`")),
        ('{"app_id":"a",\n', (1, "not JSON")),
    ],
)
def test_mistakes_in_a_list(tmp_path: Path, content: str, problem: tuple[int, str]) -> None:
    path = written(tmp_path, content, "list")
    _, problems = check_sources(path)
    assert [line for line, _ in problems] == [problem[0]]
    assert problem[1] in problems[0][1]
    with pytest.raises(InputError, match=r"list:\d+: "):
        read_sources(path)


def test_a_right_row_stays_beside_wrong_ones(tmp_path: Path) -> None:
    found, problems = check_sources(written(tmp_path, "app_id,name,url\na,A,x\nb,B,https://b.example/\nc,C,y\n"))
    assert [one.app_id for one in found] == ["b"]
    assert [line for line, _ in problems] == [2, 4]


def test_the_schema_describes_a_row() -> None:
    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert validator.is_valid({"app_id": "a", "name": "A", "url": "https://a.example/"})
    assert not validator.is_valid({"app_id": "a", "name": "A", "url": "ftp://a.example/"})
    assert not validator.is_valid({"app_id": "a", "name": "A"})
