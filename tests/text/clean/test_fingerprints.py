from __future__ import annotations

import hashlib
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jianbao_text.fingerprints import (
    SCHEME,
    bands,
    comparable,
    containment,
    jaccard,
    minhash,
    shingles,
)

TEXT = "南漳县采取“八抓八促”方式，全力争创省级文明城市，创建氛围空前浓厚，县域文明程度得到极大提升。" * 3


def digest() -> str:
    signature = minhash(shingles(comparable(TEXT)))
    return hashlib.sha256(signature.tobytes() + repr(bands(signature)).encode()).hexdigest()


def test_script_width_spacing_and_punctuation_do_not_count() -> None:
    assert comparable("南漳縣 採取「八抓八促」方式,ＡＢＣ１２") == comparable("南漳县采取“八抓八促”方式，abc12")


def test_another_process_makes_the_same_fingerprint() -> None:
    code = (
        "import hashlib;from jianbao_text.fingerprints import *;"
        f"s=minhash(shingles(comparable({TEXT!r})));"
        "print(hashlib.sha256(s.tobytes()+repr(bands(s)).encode()).hexdigest())"
    )
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert made.stdout.strip() == digest()


def test_the_scheme_is_frozen() -> None:
    assert SCHEME == "char3-k126-b42r3-v1"
    assert digest() == "574d9107ea0f970fd1963394472c1c8edbc53c82e1fb9c015a1b35d71a7c057a"


def test_bands_are_signed_64_bit_integers_one_for_each_band() -> None:
    keys = bands(minhash(shingles(comparable(TEXT))))
    assert len(set(keys)) == 42
    assert all(isinstance(key, int) and -(2**63) <= key < 2**63 for key in keys)


def test_minhash_estimates_the_jaccard_similarity() -> None:
    rng = np.random.default_rng(7)
    words = np.unique(rng.integers(0, 2**64, 3000, dtype=np.uint64))
    for share in (0.2, 0.5, 0.8):
        cut = int(len(words) * (1 - share) / 2)
        a, b = np.sort(words[: len(words) - cut]), np.sort(words[cut:])
        estimate = float(np.mean(minhash(a) == minhash(b)))
        assert estimate == pytest.approx(jaccard(a, b), abs=0.14)


def test_an_edited_text_shares_a_band_and_another_text_none() -> None:
    edited = comparable(TEXT.replace("浓厚", "热烈").replace("极大", "明显"))
    other = comparable(
        "近年来，江夏区通过连接“战线、底线、标线、网线”四线引擎，驱动文明创建“队伍、细则、测评、平台”四轮。"
    )
    own = set(bands(minhash(shingles(comparable(TEXT)))))
    assert own & set(bands(minhash(shingles(edited))))
    assert not own & set(bands(minhash(shingles(other))))


def test_an_article_is_contained_in_the_bulletin_that_carries_it() -> None:
    article = shingles(comparable(TEXT))
    bulletin = shingles(comparable("另一篇文章的内容在这里出现，随后是下面这一篇。" + TEXT))
    assert containment(article, bulletin) == 1.0
    assert containment(bulletin, article) < 1.0


@given(st.text(alphabet=st.characters(), max_size=50))
def test_any_text_has_a_fingerprint(text: str) -> None:
    hashes = shingles(comparable(text))
    assert hashes.dtype == np.uint64
    assert np.all(hashes[1:] > hashes[:-1])
    signature = minhash(hashes)
    assert signature.dtype == np.uint32
    assert signature.shape == (126,)
    assert jaccard(hashes, hashes) == 1.0
