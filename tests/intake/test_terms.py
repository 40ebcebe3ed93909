"""Words by which responses are found."""

from collector.intake.terms import squeeze, terms_of


def test_words_are_folded() -> None:
    assert terms_of("Ana SILVA, 12") == {"ana", "silva", "12"}
    assert terms_of("ＡＢＣ　Straße") == {"abc", "strasse"}
    assert terms_of("e\u0301cole") == terms_of("École".lower())


def test_han_is_cut_into_pairs() -> None:
    assert terms_of("城南社区") == {"城南", "南社", "社区"}
    assert terms_of("王") == {"王"}
    assert terms_of("王五 Wang") == {"王五", "wang"}


def test_letters_beside_han_are_words_of_their_own() -> None:
    assert terms_of("C01社区a栋") == {"c01", "社区", "a", "栋"}


def test_long_words_and_signs() -> None:
    assert terms_of("x" * 90) == {"x" * 40}
    assert terms_of("<img src=x> _ ---") == {"img", "src", "x"}
    assert terms_of("") == set()


def test_a76_blanks_and_case_are_no_difference() -> None:
    assert squeeze("Ana Silva") == squeeze(" ana\u3000 silva\t")
