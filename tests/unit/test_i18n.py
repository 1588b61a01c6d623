"""Words in the reader's language, and catalogues that cannot break a sentence."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import ContentError
from bot.i18n import Languages, Texts, language_name, load_languages, placeholders
from tests.conftest import ROOT

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'


def write(folder: Path, language: str, *pairs: tuple[str, str], more: str = "") -> None:
    path = folder / "locales" / language / "breather.po"
    path.parent.mkdir(parents=True)
    entries = "".join(f'msgid "{one}"\nmsgstr "{two}"\n\n' for one, two in pairs)
    path.write_text(HEADER + entries + more, encoding="utf-8")


def faults_of(folder: Path) -> tuple[str, ...]:
    with pytest.raises(ContentError) as caught:
        load_languages(folder)
    return caught.value.faults


def test_without_catalogues_there_is_english(tmp_path: Path) -> None:
    languages = load_languages(tmp_path)
    assert languages.codes == ("en",)
    assert languages.texts(None)("Hello {name}", name="Ada") == "Hello Ada"


def test_a_sentence_is_translated_and_filled_in(tmp_path: Path) -> None:
    write(tmp_path, "de", ("Hello {name}", "Grüß dich, {name}"))
    languages = load_languages(tmp_path)
    assert languages.codes == ("en", "de")
    assert languages.texts("de")("Hello {name}", name="Ada") == "Grüß dich, Ada"
    assert languages.texts("de").language == "de"


def test_an_untranslated_or_doubtful_sentence_stays_english(tmp_path: Path) -> None:
    fuzzy = '#, fuzzy\nmsgid "Perhaps"\nmsgstr "Vielleicht"\n'
    write(tmp_path, "de", ("Empty", ""), more=fuzzy)
    texts = load_languages(tmp_path).texts("de")
    assert [texts(word) for word in ("Empty", "Perhaps", "Unknown")] == [
        "Empty",
        "Perhaps",
        "Unknown",
    ]


@pytest.mark.parametrize(
    ("locale", "found"),
    [
        ("pt-BR", "pt-BR"),
        ("pt_BR", "pt-BR"),
        ("de", "de"),
        ("de-AT", "de"),
        ("pt-PT", "en"),
        ("fr", "en"),
        ("", "en"),
        (None, "en"),
        ("en-GB", "en"),
        ("nonsense", "en"),
    ],
)
def test_a_locale_is_answered_in_itself_else_its_language_else_english(
    tmp_path: Path, locale: str | None, found: str
) -> None:
    write(tmp_path, "pt_BR", ("Hello", "Olá"))
    write(tmp_path, "de", ("Hello", "Hallo"))
    assert load_languages(tmp_path).texts(locale).language == found


def test_a_text_without_values_is_left_as_it_is() -> None:
    assert Texts()("100 % of {this}") == "100 % of {this}"


@pytest.mark.parametrize(
    ("sentence", "translation", "words"),
    [
        ("Hello {name}", "Hallo", "must have {name}, and has none"),
        ("Hello {name}", "Hallo {Name}", "must have {name}, and has {Name}"),
        ("Hello", "Hallo {name}", "must have no placeholder, and has {name}"),
        ("{a} and {b}", "{a} und {c}", "must have {a}, {b}, and has {a}, {c}"),
        ("{at:%d}", "{at:%m}", "must have {at:%d}, and has {at:%m}"),
        ("{name}", "{name.__class__}", "must have {name}, and has {name.__class__}"),
        ("{name}", "{name!r}", "must have {name}, and has {name!r}"),
        ("Hello {name}", "Hallo {name", "braces of the translation do not match"),
        ("Hello {name}", "Hallo name}", "braces of the translation do not match"),
    ],
)
def test_a_translation_with_other_placeholders_is_named_with_file_and_sentence(
    tmp_path: Path, sentence: str, translation: str, words: str
) -> None:
    write(tmp_path, "de", ("Fine {x}", "Gut {x}"), (sentence, translation))
    (fault,) = faults_of(tmp_path)
    assert fault.startswith(f"locales/de/breather.po, {sentence!r}: ")
    assert words in fault


def test_placeholders_may_come_in_another_order(tmp_path: Path) -> None:
    write(tmp_path, "de", ("{a} of {b}", "{b}s {a}"))
    assert load_languages(tmp_path).texts("de")("{a} of {b}", a=1, b=2) == "2s 1"


@pytest.mark.parametrize(
    "more",
    [
        'msgid "one"\nmsgid_plural "many"\nmsgstr[0] "eins"\nmsgstr[1] "viele"\n',
        'msgctxt "menu"\nmsgid "one"\nmsgstr "eins"\n',
    ],
)
def test_plurals_and_contexts_are_refused_since_nobody_reads_them(
    tmp_path: Path, more: str
) -> None:
    write(tmp_path, "de", more=more)
    (fault,) = faults_of(tmp_path)
    assert "not used" in fault


def test_every_fault_of_every_catalogue_is_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, "de", ("{a}", "a"), ("{b}", "b"))
    write(tmp_path, "fr", more="msgid unquoted\n")
    write(tmp_path, "xx-nowhere", ("a", "b"))
    (tmp_path / "locales" / "es").mkdir()
    (tmp_path / "locales" / "es" / "breather.po").write_bytes(b'msgid "\xff"\nmsgstr ""\n')
    files = [fault.split("/")[1] for fault in faults_of(tmp_path)]
    assert files == ["de", "de", "es", "fr", "xx-nowhere"]


@given(st.text(max_size=60))
def test_any_text_has_placeholders_or_none_that_match(text: str) -> None:
    found = placeholders(text)
    assert found is None or all(one.startswith("{") and one.endswith("}") for one in found)


@given(st.lists(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), max_size=5))
def test_every_placeholder_is_found(names: list[str]) -> None:
    found = placeholders(" ".join(f"{{{name}}} {{{{}}}}" for name in names))
    assert found == frozenset(f"{{{name}}}" for name in names)


@pytest.mark.parametrize(
    ("code", "name"),
    [("en", "English"), ("de", "Deutsch (German)"), ("zz", "zz"), ("not a code", "not a code")],
)
def test_a_language_is_named_in_itself_and_in_english(code: str, name: str) -> None:
    assert language_name(code) == name


def test_the_catalogues_that_ship_are_right() -> None:
    assert load_languages(ROOT / "data").codes[0] == "en"


def test_languages_can_be_made_without_files() -> None:
    assert Languages().codes == ("en",)
    assert Languages({"de": Texts("de", {"a": "b"})}).texts("de-CH")("a") == "b"
