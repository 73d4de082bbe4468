"""Texts in other encodings than they seem to be in, and single bytes that break one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qiantang.engine.quality.reading import propose
from qiantang.engine.quality.reading.errors import EncodingBroken
from qiantang.engine.quality.reading.plausible import likely_encoding, odd_share
from qiantang.engine.quality.reading.tests.conftest import FIRMS

HEAD = "code,name,founded,capital,staff\n"
TRADITIONAL = (
    "台灣積體電路製造股份有限公司 鴻海精密工業股份有限公司",
    "國泰人壽保險股份有限公司 臺北市政府教育局",
    "本局為加強道路交通安全設施之維護管理，特訂定本要點。",
    "各機關學校應依規定辦理員工健康檢查，並將結果報請備查。",
)
JAPANESE = (
    "トヨタ自動車株式会社 愛知県豊田市トヨタ町１番地",
    "株式会社日立製作所 東京都千代田区丸の内一丁目６番６号",
    "この表は、各市町村から報告のあった人口を集計したものである。",
    "詳しくは担当課へお問い合わせください。",
)
KOREAN = (
    "삼성전자주식회사 경기도 수원시 영통구 매탄동",
    "현대자동차주식회사 서울특별시 서초구 헌릉로",
    "이 표는 각 시군구에서 보고한 인구를 집계한 것이다.",
    "자세한 내용은 담당 부서에 문의하십시오.",
)
SIMPLIFIED = ("杭州某某信息技术有限公司", "宁波市镇海区澥浦镇某某化工厂", "湖州南浔区善琏镇")
RARE = (
    *("王喆", "李䶮", "张犇", "陈堃", "赵翀", "周煊赟", "刘祎旻", "黄燚", "吴垚", "徐淼", "孙彧"),
    *("马骉", "龚玥", "牛犇犇", "田昇", "沈赟瑄", "姚喆珺", "方璟", "闫妮", "曹磾", "范暐"),
    *("邓翃", "钟媖", "万喆昉", "石㛃"),
)


def firms(names: tuple[str, ...]) -> str:
    return HEAD + "".join(f"{n},{name},2017,1,2\n" for n, name in enumerate(names))


SORTED = tuple("安柏曹陈戴邓丁董杜范方冯傅高葛龚顾郭韩何贺洪侯胡华黄贾江姜蒋金康孔赖黎李梁林刘龙卢")
"""Surnames from the first half of the alphabet, as a part of a sorted list."""


@pytest.mark.parametrize(
    "names",
    [SIMPLIFIED, RARE, TRADITIONAL, (*SIMPLIFIED, "の 物语", "アニメ展"), (*SORTED, *SIMPLIFIED)],
)
def test_gb18030_raises_no_doubt_whatever_names_it_holds(
    tmp_path: Path, read: Any, names: tuple[str, ...]
):
    path = tmp_path / "a.csv"
    path.write_bytes(firms(names).encode("gb18030"))
    proposal = propose(path, FIRMS)
    assert proposal.recipe.encoding == "gb18030"
    assert proposal.doubts == ()
    assert [row[1] for row in read(path)[0]] == list(names)


def test_big5_is_read_as_such(tmp_path: Path, read: Any):
    path = tmp_path / "a.csv"
    path.write_bytes(firms(TRADITIONAL).encode("big5"))
    rows, stream = read(path)
    assert stream.recipe.encoding == "big5"
    assert [row[1] for row in rows] == list(TRADITIONAL)


@pytest.mark.parametrize(
    ("names", "encoding", "called"),
    [
        (JAPANESE, "cp932", "Shift-JIS"),
        ((*TRADITIONAL, "香港𨋢口"), "big5hkscs", "Big5"),
        (JAPANESE, "euc_jp", "EUC-JP"),
        (KOREAN, "euc_kr", "EUC-KR"),
    ],
)
@pytest.mark.parametrize("before", [0, 40_000])
def test_text_that_is_none_in_gb18030_is_a_doubt(
    tmp_path: Path, names: tuple[str, ...], encoding: str, called: str, before: int
):
    path = tmp_path / "a.csv"
    ascii_rows = "".join(f"a{n},b,2017,1,2\n" for n in range(before))
    path.write_bytes((HEAD + ascii_rows + firms(names).removeprefix(HEAD)).encode(encoding))
    proposal = propose(path, FIRMS)
    (doubt,) = [d for d in proposal.doubts if d.code == "encoding_odd"]
    assert called in doubt.text.zh
    assert called in doubt.text.en


def test_the_measure_tells_texts_apart_by_far():
    for names, encoding in ((TRADITIONAL, "big5"), (JAPANESE, "cp932")):
        data = firms(names).encode(encoding)
        assert odd_share(data.decode("gb18030", "ignore")) >= 0.5
        assert likely_encoding(data)
    for names in (SIMPLIFIED, TRADITIONAL, RARE):
        assert odd_share(firms(names)) < 0.2


@pytest.mark.parametrize("names", [("甲乙",), ("甲乙丙丁", "戊己庚辛"), SIMPLIFIED])
def test_a_bad_byte_in_utf8_is_told_as_such_with_line_and_character(
    tmp_path: Path, names: tuple[str, ...]
):
    path = tmp_path / "a.csv"
    text = firms(names)
    sound = text.encode()
    path.write_bytes(sound.replace(names[0].encode(), b"\xe6\x9d" + names[0].encode(), 1))
    with pytest.raises(EncodingBroken) as caught:
        propose(path, FIRMS)
    error = caught.value
    assert error.fields["encoding"] == "UTF-8"
    assert (error.place.line, error.fields["at"]) == (2, 3)
    assert error.fields["offset"] == len(HEAD) + 2
    assert "第 3 个字符" in error.message("zh")
    assert "character 3" in error.message("en")
