"""What sounds like a crisis and what does not, language by language, and how exclusions work.

These sentences are ours, written while the phrases were. How well the net does on sentences that
nobody who wrote phrases has seen is in ``test_safety_corpora.py``.
"""

import logging
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.safety.screening import LONGEST, Finding, Screen
from tests.conftest import ROOT

DATA = ROOT / "data"
LANGUAGES = ("de", "en", "es", "fr", "hi", "id", "pt")

WORDS = """
i want to die kill myself not never my friend says she wants suicide cut and but quiero morir me
matar je veux mourir ich will sterben aku mau mati marna chahta game boss lol se no nao pas nicht
tidak nahi hai 😂 s u c * ** 1 k*ll , . " '
"""
PIECES = [*WORDS.split(), "\n", "\n\n"]
CRISIS = {
    "en": [
        "i want to die",
        "I don’t want to be alive anymore",  # noqa: RUF001
        "im going to kill myself tonight",
        "gonna kms tonight",
        "i want to kms",
        "thinking of ending my life",
        "i keep thinking about ending it all",
        "My family would be better off without me.",
        "there's nothing left to live for",
        "I have no reason to live",
        "i wish i could go to sleep and never wake up",
        "i hope i don't wake up tomorrow",
        "i want to disappear forever",
        "i just don't want to exist",
        "i feel suicidal",
        "suicidal thoughts are back",
        "struggling with SI and s/h again",
        "i want to unalive myself",
        "i might commit sewerslide",
        "i w4nt to k1ll mys3lf",
        "i want to commit su*cide",
        "i want to d i e",
        "wanna diiiieeee",
        "this is goodbye forever. i'm sorry",
        "I can't do this anymore. Goodbye everyone.",
        "i cut myself again",
        "how do i stop cutting myself",
        "i relapsed and cut last night",
        "i have bad urges to self harm",
        "i really want to hurt myself",
        "i tried to kill myself last night",
        "nobody would care if i died",
        "life isn't worth living",
        "I'm not joking, I want to die",
        "my game crashed. also i want to kill myself",
        "my game crashed and i want to kill myself",
        "i'm not suicidal but i don't want to be here any more",
        "lol no seriously, i want to kill myself",
        "i used to be fine. now i want to die every day",
    ],
    "es": [
        "me quiero morir",
        "ya no quiero vivir",
        "kiero matarme ya",
        "me voy a suicidar esta noche",
        "pienso en el suicidio todos los dias",
        "ojalá no despertar mañana",
        "todos estarian mejor sin mi",
        "xq sigo viva si me quiero morir",
        "no tengo motivos pa vivir",
        "me volvi a cortar anoche",
        "tengo ganas de hacerme daño",
        "esta es mi despedida, adios para siempre",
    ],
    "pt": [
        "eu só quero morrer",
        "n quero mais viver",
        "tô com vontade de me matar",
        "vou tirar minha vida",
        "tenho pensamentos suicidas",
        "queria nao acordar amanha",
        "todo mundo estaria melhor sem mim",
        "pq eu ainda to vivo se so quero morrer",
        "não tenho motivo pra viver",
        "me cortei de novo",
        "vontade de me machucar",
        "adeus pra sempre, não aguento mais",
    ],
    "fr": [
        "j'ai envie de mourir",
        "jveux plus vivre",
        "je vais me tuer ce soir",
        "g des idées suicidaires",
        "je pense au suicide tous les jours",
        "j'aimerais ne plus me réveiller",
        "tout le monde serait mieux sans moi",
        "j'ai aucune raison de vivre",
        "je vais mettre fin à mes jours",
        "je me suis encore scarifiée hier",
        "envie de me faire du mal",
        "chui suicidaire",
    ],
    "de": [
        "ich will sterben",
        "ich moechte nicht mehr leben",
        "ich bring mich um",
        "ich denke ständig an Selbstmord",
        "hab wieder suizidgedanken",
        "ich will einfach einschlafen und nie wieder aufwachen",
        "ohne mich wären alle besser dran",
        "ich hab keinen grund mehr zu leben",
        "ich will mir das leben nehmen",
        "hab mich gestern wieder geritzt",
        "ich will mich selbst verletzen",
        "ich wünschte ich wäre tot",
    ],
    "id": [
        "aku pengen mati aja",
        "gk mau hidup lg",
        "gw mau bunuh diri",
        "aku kepikiran bunuh diri terus",
        "pengen tidur dan ga bangun lagi",
        "semua orang lebih baik tanpa aku",
        "ga ada alasan buat hidup",
        "aku ingin mengakhiri hidupku",
        "capek hidup bgt",
        "aku nyilet tangan lagi",
        "pengen nyakitin diri sendiri",
        "kalo aku mati ga ada yang peduli",
    ],
    "hi": [
        "main marna chahta hu",
        "mujhe jeena nhi hai",
        "mai suicide kar lunga",
        "khudkushi karne ka soch raha hu",
        "mere bina sab khush rahenge",
        "kaash kal subah aankh hi na khule",
        "jeene ki koi wajah nahi bachi",
        "apni jaan dena chahti hu",
        "mujhe suicidal thoughts aa rahe hai",
        "khud ko hurt karne ka mann karta hai",
        "maut chahiye bas",
        "मैं मरना चाहता हूँ",
    ],
}
OTHERS = {
    "en": [
        "my friend says she wants to die",
        "a viewer wrote goodbye in my chat and i'm scared",
        "he is suicidal",
        "my sister cuts herself",
        "someone in my chat says they want to kill themselves",
        'my friend texted me "i want to kill myself"',
    ],
    "es": ["mi amiga dice que se quiere morir", "mi hermana se corta"],
    "pt": ["minha amiga disse que quer morrer", "meu irmao se corta"],
    "fr": ["ma pote dit qu'elle veut mourir", "ma soeur se scarifie"],
    "de": ["meine freundin sagt sie will sterben", "mein bruder will sich umbringen"],
    "id": ["temanku bilang dia mau mati", "adikku suka nyilet tangannya"],
    "hi": ["mera dost marna chahta hai", "meri behen khud ko kaatti hai"],
}
ORDINARY = {
    "low mood": [
        "i feel so empty",
        "i hate my life",
        "i cry every day",
        "i can't take this job any more",
        "i can't do this anymore",
        "everything feels pointless",
        "odio mi vida",
        "choro todo dia",
        "je me sens vide",
        "ich kann nicht mehr",
        "aku capek banget",
        "bahut udas hu",
    ],
    "idioms": [
        "i'm dying to see the new season",
        "killing me softly",
        "that outfit is to die for",
        "so embarrassing i wanted to die",
        "i'm killing myself over this essay",
        "cut myself some slack",
        "me muero de hambre",
        "to morrendo de vergonha",
        "je suis mort de rire",
        "ich sterbe vor hunger",
        "hp aku mati",
        "bhook se mar raha hu",
    ],
    "jokes": [
        "kms lol",
        "im dead 💀",
        "i wanna die lol this exam",
        "if i hear that song again i'm going to kill myself haha",
        "me quiero morir jajaja",
        "quero morrer kkkk",
        "j'ai envie de mourir mdr",
        "ich will sterben haha",
        "malu banget pengen mati wkwkwk",
        "marna chahta hu haha exam dekh ke",
    ],
    "games": [
        "do i have to kill myself to respawn?",
        "this boss makes me want to kill myself",
        "how do i kill myself in minecraft",
        "como me mato en minecraft para reaparecer",
        "esse boss me mata toda hora",
        "ce boss me tue",
        "wie bring ich mich in minecraft um um zu respawnen",
        "gimana cara bunuh diri di minecraft biar respawn",
    ],
    "titles": [
        'the song "i want to die" is stuck in my head',
        "in the movie she kills herself at the end",
        "suicide squad is a great movie",
        "en la pelicula ella se suicida",
        "o personagem do livro quer se matar",
        "dans le film elle se suicide",
        "im film bringt sie sich um",
        "di film itu dia bunuh diri",
        "movie me wo suicide kar leta hai",
    ],
    "news": [
        "police said the man killed himself",
        "a new report on teen suicide came out today",
        "la policia informo que el hombre se suicido",
    ],
    "negated": [
        "i am not suicidal",
        "i'm not going to kill myself",
        "i would never hurt myself",
        "i don't want to die",
        "no quiero morir",
        "não vou me matar relaxa",
        "je ne veux pas mourir",
        "ich will mich nicht umbringen",
        "aku ga mau mati",
        "main marna nahi chahta",
    ],
    "quoted": [
        "he told me to kill myself",
        'a hater commented "kill yourself" on my video',
        "people keep telling me to kill myself in the comments",
        'he said "i want to die" in the play',
        "me dijo que me matara",
        "ele mandou eu me matar",
        "il m'a dit de me tuer",
        "dia nyuruh aku mati",
    ],
    "past and over": [
        "years ago i wanted to die, now i am fine",
        "i used to self harm but i've been clean for two years",
        "when i was 15 i tried to kill myself, i'm better now",
        "hace años queria morir y ahora estoy bien",
        "früher hab ich mich geritzt, jetzt bin ich clean",
        "dulu aku pengen mati, sekarang udah baik",
        "pehle marna chahta tha ab thik hu",
    ],
    "information": [
        "what are the warning signs of suicide",
        "how many people die by suicide every year",
        "is it true that talking about suicide makes it worse",
        "what is self harm",
        "how do i talk to my students about suicide",
        "what does kms mean",
        "what should i do if a viewer says they want to kill themselves",
        "cuales son las señales de alerta de suicidio",
        "como falar sobre suicidio com adolescentes",
        "comment parler du suicide à mes élèves",
        "was sind warnzeichen für suizid",
        "apa tanda-tanda orang mau bunuh diri",
        "suicide ke warning signs kya hai",
    ],
    "accidents and other harm": [
        "i cut myself shaving",
        "i hurt myself at the gym",
        "me corte el pelo",
        "me cortei cozinhando",
        "je me suis coupé les cheveux",
        "ich hab mich beim kochen geschnitten",
    ],
    "other plans": [
        "i need to end my stream",
        "i want to end it with my boyfriend",
        "i don't want to be in this server anymore",
        "goodbye everyone, see you next stream",
        "no reason to live in a big city",
        "take my life back from anxiety",
    ],
}

# Questions that nobody asks about themselves, each with a sentence that looks like it and must be
# found: an exclusion that is too wide hides a person.
QUESTIONS = {
    "en": [
        (
            'why do people say "i want to die" when they are just tired',
            "why do people say it gets better, i want to die",
        ),
        (
            "what do kids mean when they say i wish i was dead",
            "what do i mean when i say i wish i was dead",
        ),
        (
            "what do i say when a caller says i want to kill myself",
            "a guy in my server just said he wants to kill himself what do i say",
        ),
        (
            "what does the bible say about samson killing himself",
            "the bible doesn't help anymore, i want to kill myself",
        ),
        ("did van gogh really kill himself", "did my brother really try to kill himself"),
        (
            "what does this bot do if i write that i want to kill myself",
            "what does this bot do? i want to kill myself tonight",
        ),
        ('is "i want to disappear" the same as suicidal', "i think i'm suicidal, is that the same"),
        (
            "im a nurse and wonder how suicide watch works on medical wards",
            "im a nurse and i keep thinking about suicide",
        ),
        (
            "my doctor asked if i had thoughts of harming myself, does he ask everyone",
            "my doctor asked if i had thoughts of harming myself and i lied",
        ),
        (
            "i dont understand how someone can want to die when they have everything",
            "i have everything and i still want to die",
        ),
        ("how do therapists deal with suicidal clients", "i'm a suicidal client"),
        ("am i allowed to post about a friends suicide here", "my friend is suicidal, am i bad"),
        (
            "just curious, what makes a person feel like they don't want to live anymore",
            "just wondering how i could kill myself",
        ),
        (
            "who do i call if soldiers have suicidal thoughts",
            "my brother has suicidal thoughts, who do i call",
        ),
        (
            "my teacher asked us what makes people want to die, what would you answer",
            "my teacher asked how i am and i said i want to die",
        ),
        ("how do i explain wanting to die to my kid", "how do i explain to my kid i want to die"),
        ("i need info on suicide for my class", "i need info on suicide, i want to do it"),
        (
            "my teacher said talking about suicide prevents it. is that true?",
            "my sister keeps talking about suicide. is that serious?",
        ),
        (
            "what should i say to a student who wants to die",
            "someone in my discord just said they want to die what should i say",
        ),
        ("could you help me understand wanting to die", "could you help me stop wanting to die"),
        ("what does 988 do when you text i'm suicidal", "what does 988 do, i'm suicidal"),
        ("does anyone know what makes people suicidal", "does anyone else here want to die"),
        ("would people care about a novel on suicide", "would people care if i killed myself"),
    ],
    "es": [
        ("es normal que un niño diga me quiero morir", "es normal que me quiera morir siempre"),
        ("por que los jovenes dicen me quiero morir de broma", "mi hijo dice que se quiere morir"),
        ("puede la sertralina dar ganas de morir", "la sertralina no ayuda, tengo ganas de morir"),
        (
            "soy enfermero, como se pregunta por la ideacion suicida",
            "soy enfermero y me quiero morir",
        ),
        (
            "que pasa si le digo al psicologo que tengo pensamientos suicidas",
            "que pasa si le digo al psicologo que me voy a matar esta noche",
        ),
    ],
    "pt": [
        ("depressao sempre da vontade de morrer?", "to com depressao e vontade de morrer"),
        (
            'o q o mod faz se alguem escreve "quero me matar" no chat',
            "alguem no meu chat disse que vai se matar",
        ),
        ("vontade de morrer é sintoma de que", "minha vontade de morrer nao passa"),
        (
            "sou enfermeiro, como pergunta sobre ideação suicida",
            "sou enfermeiro e quero morrer",
        ),
    ],
    "fr": [
        ("c'est quoi des idées noires", "j'ai des idées noires tous les soirs"),
        (
            "pourquoi les jeunes disent je veux mourir pour rigoler",
            "mon fils dit qu'il veut mourir",
        ),
        ("faut-il avoir envie de mourir pour appeler le 3114", "j'ai envie de mourir"),
        (
            "je suis infirmier, comment on pose la question des idées suicidaires",
            "je suis infirmier et j'ai des idées suicidaires",
        ),
    ],
    "de": [
        (
            "was sage ich jemandem der sagt er will sich umbringen",
            "mein freund sagt er will sich umbringen",
        ),
        ("will man bei depression immer sterben", "ich hab depressionen und will sterben"),
        ("suche quellen für eine hausarbeit über suizid", "ich denke bei der hausarbeit an suizid"),
        ("suizidgedanken definition", "meine suizidgedanken kommen wieder"),
    ],
    "id": [
        ("pengen mati itu gejala apa", "aku pengen mati aja"),
        ("normal ga anak kecil bilang mau mati", "temenku bilang mau mati"),
        ("pil kb bisa bikin pengen mati?", "obat ini bikin aku pengen mati"),
        ("apa artinya kalau seseorang bilang dia mau mati", "adikku bilang dia mau mati"),
    ],
    "hi": [
        (
            "agar koi bole ki main marna chahta hu to kya kare",
            "mera dost bola ki main marna chahta hu, kya karu",
        ),
        ("log mazak me kyo kehte hain mujhe marna hai", "mazak nahi, mujhe marna hai"),
        ("depression me jeene ka mann kyu nahi karta", "mujhe jeene ka mann nahi karta"),
        ("marne ka man karna kis bimari ka lakshan hai", "mera marne ka man karta hai"),
        ("log suside q krte h", "mujhe suside krna h"),
        (
            "jeene ki iccha khatam hone ko kya kehte hai",
            "meri jeene ki iccha khatam ho gayi hai",
        ),
        (
            "main suicidal logo ki madad karna chahta hu, kaise shuru karu",
            "main suicidal hu, kaise jiu",
        ),
        (
            "mujhe psychology ke assignment me suicide par likhna hai",
            "assignment ke baad mujhe suicide karna hai",
        ),
        ("bacha bole ki mar jaunga to kaise react kare", "mera beta bola ki mar jaunga kya karu"),
        ("panic attack me aisa kyu lagta hai ki mar jaunga", "aaj raat main mar jaunga, alvida"),
        (
            "main kaise madad karu agar koi student suicide karna chahta hai",
            "main kaise madad karu mera dost suicide karna chahta hai",
        ),
        (
            "mujhe koi batao koi khud ko kaatta hai to kya karna chahiye",
            "mujhe koi batao kya karu main khud ko kaatta hu",
        ),
        (
            "mujhe khudkushi ke bare me jankari chahiye",
            "main khudkushi ke bare me soch raha hu, madad chahiye",
        ),
        (
            "main apne bete ko aatmahatya ke bare me kaise batau",
            "main mummy ko kaise batau ki mujhe aatmahatya karni hai",
        ),
        (
            "main janna chahta hu ki suicide ke peeche kya karan hota hai",
            "main marna chahta hu, kya karan batau",
        ),
    ],
}


@pytest.fixture(scope="module")
def screen() -> Screen:
    """What ships, without the classifier, which ``test_safety_classifier.py`` is about."""
    return Screen.load(DATA, with_classifier=False)


def pairs(sentences: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Every sentence with its language or kind."""
    return [(key, text) for key, texts in sentences.items() for text in texts]


def copy(folder: Path) -> Path:
    """A content folder with what ships."""
    shutil.copytree(DATA / "safety", folder / "safety")
    return folder


def test_what_ships_has_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    Screen.load(DATA)
    assert caplog.records == []


@pytest.mark.parametrize(("language", "text"), pairs(CRISIS))
def test_a_disclosure_is_found(screen: Screen, language: str, text: str) -> None:
    assert screen.screen(text) is not None


@pytest.mark.parametrize("text", CRISIS["en"])
def test_a_disclosure_is_told_as_ones_own(screen: Screen, text: str) -> None:
    finding = screen.screen(text)
    assert finding is not None
    assert finding.about == "self"


@pytest.mark.parametrize(("language", "text"), pairs(OTHERS))
def test_worry_about_somebody_else_is_found(screen: Screen, language: str, text: str) -> None:
    assert screen.screen(text) is not None


@pytest.mark.parametrize(
    ("language", "text"), [(language, texts[0]) for language, texts in OTHERS.items()]
)
def test_worry_about_somebody_else_is_told_as_that(
    screen: Screen, language: str, text: str
) -> None:
    finding = screen.screen(text)
    assert finding is not None
    assert finding.about == "other"


@pytest.mark.parametrize(("kind", "text"), pairs(ORDINARY))
def test_ordinary_words_pass(screen: Screen, kind: str, text: str) -> None:
    assert screen.screen(text) is None


@pytest.mark.parametrize(
    ("asked", "meant"), [pair for couples in QUESTIONS.values() for pair in couples]
)
def test_a_question_for_information_passes_and_what_looks_like_it_is_found(
    screen: Screen, asked: str, meant: str
) -> None:
    assert screen.screen(asked) is None
    assert screen.screen(meant) is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_examples_of_both_sorts(language: str) -> None:
    assert len(CRISIS[language]) >= (30 if language == "en" else 12)
    assert (DATA / "safety" / f"{language}.toml").exists()


def paragraphs(*folders: str) -> list[str]:
    """Every line of content that is about care, and so comes near the subject all the time."""
    paths = [path for folder in folders for path in sorted((DATA / folder).glob("*.*"))]
    return [line for path in paths for line in path.read_text(encoding="utf-8").splitlines()]


def test_no_tip_raises_an_alarm(screen: Screen) -> None:
    assert [line for line in paragraphs("tips") if screen.screen(line)] == []


def test_guides_and_myths_raise_few_alarms_though_they_speak_of_it(screen: Screen) -> None:
    shown = [line for line in paragraphs("guides", "myths") if not line.startswith("  ")]
    found = [line for line in shown if screen.screen(line)]
    assert len(found) < len(shown) / 100, found


def test_who_writes_comes_before_whom_they_write_about(screen: Screen) -> None:
    finding = screen.screen("my friend wants to die and i want to die too")
    assert finding is not None
    assert finding.about == "self"


def test_a_text_that_is_one_quotation_is_still_looked_at(screen: Screen) -> None:
    assert screen.screen('"I want to die"') is not None


def test_a_disclosure_far_into_a_long_text_is_found(screen: Screen) -> None:
    for length in (LONGEST - 50, LONGEST, 3 * LONGEST):
        assert screen.screen("all is well. " * (length // 13) + "i want to die") is not None


@given(text=st.text(max_size=4000))
def test_any_text_can_be_screened(screen: Screen, text: str) -> None:
    finding = screen.screen(text)
    assert finding is None or isinstance(finding, Finding)


@given(words=st.lists(st.sampled_from(PIECES), max_size=400))
def test_any_row_of_the_words_that_count_can_be_screened(screen: Screen, words: list[str]) -> None:
    finding = screen.screen(" ".join(words))
    assert finding is None or finding.language in LANGUAGES


def test_a_broken_file_is_skipped_and_logged_without_its_words(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (copy(tmp_path) / "safety" / "es.toml").write_text("[[rule]")
    with caplog.at_level(logging.ERROR):
        screen = Screen.load(tmp_path, with_classifier=False)
    assert screen.screen("quiero morirme ya") is None
    assert screen.screen("i want to die") is not None
    assert [record.message.partition(":")[0] for record in caplog.records] == ["safety net"]
    assert "es.toml" in caplog.text


def test_without_any_file_nothing_is_found_and_nothing_raised(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert Screen.load(tmp_path).screen("i want to die") is None
    assert len(caplog.records) == 2


def test_nothing_of_a_text_is_logged(screen: Screen, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        screen.screen("i want to die")
    assert caplog.records == []


def write(folder: Path, name: str, text: str) -> None:
    """A phrasebook of a content folder."""
    (folder / "safety").mkdir(exist_ok=True)
    (folder / "safety" / name).write_text(text, encoding="utf-8")


RULES = """
turns = ["but"]
[[rule]]
id = "wish"
about = "self"
phrases = ["want to die"]
[[rule]]
id = "hope"
about = "self"
phrases = ["hope to vanish"]
"""


@pytest.mark.parametrize(
    ("where", "cancelled", "kept"),
    [
        ("over", "want to die pizza", "pizza. i want to die"),
        ("before", "pizza want to die", "want to die pizza"),
        ("after", "want to die pizza", "pizza want to die"),
        ("clause", "pizza makes me want to die", "pizza, i want to die"),
        ("clause", "i want to die over pizza", "pizza but i want to die"),
        ("sentence", "pizza, i want to die", "pizza. i want to die"),
        ("sentence", "pizza, i hope to vanish", "pizza! i hope to vanish"),
    ],
)
def test_an_exclusion_holds_where_it_says(
    tmp_path: Path, where: str, cancelled: str, kept: str
) -> None:
    phrase = "want to die pizza" if where == "over" else "pizza"
    exclusion = f'[[not_when]]\nid = "food"\nwhere = "{where}"\nphrases = ["{phrase}"]\n'
    write(tmp_path, "en.toml", RULES + exclusion)
    screen = Screen.load(tmp_path)
    assert screen.screen(cancelled) is None
    assert screen.screen(kept) is not None


def test_an_exclusion_may_be_for_some_rules_and_have_its_own_exceptions(tmp_path: Path) -> None:
    exclusion = """
[[not_when]]
id = "food"
where = "sentence"
rules = ["wish"]
phrases = ["pizza"]
unless = ["seriously"]
"""
    write(tmp_path, "en.toml", RULES + exclusion)
    screen = Screen.load(tmp_path)
    assert screen.screen("pizza, i want to die") is None
    assert screen.screen("pizza, i hope to vanish") is not None
    assert screen.screen("pizza, i want to die, seriously") is not None


QUESTION = """
[[question]]
id = "asked"
asks = ["why"]
asker = ["(how do i|can people) tell", "i wonder"]
asked_about = ["people"]
unless = ["(i|my)"]
"""


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("why do people want to die", "people want to die"),
        ("i wonder why people want to die", "i want to die, why people"),
        ("how do i tell why people want to die", "why do people want to die like i do"),
        ("why do people want to die", "why do people lie, but want to die"),
        ("why do people want to die", "can people tell why want to die"),
        ("why do people want to die", "why want to die near people"),
        ("why do people want to die", "why? people want to die"),
        ("why do people want to die", "people want to die. why"),
    ],
)
def test_a_question_passes_where_the_writer_only_asks(
    tmp_path: Path, asked: str, meant: str
) -> None:
    write(tmp_path, "en.toml", RULES + QUESTION)
    screen = Screen.load(tmp_path)
    assert screen.screen(asked) is None
    assert screen.screen(meant) is not None


def test_the_next_sentence_may_be_the_one_that_asks(tmp_path: Path) -> None:
    write(tmp_path, "en.toml", RULES + QUESTION + "asks_next = true\n")
    screen = Screen.load(tmp_path)
    assert screen.screen("people want to die. why") is None
    assert screen.screen("people want to die. why am i here") is not None
    assert screen.screen("people want to die. well. why") is not None


def test_what_is_shared_holds_in_every_language(tmp_path: Path) -> None:
    write(tmp_path, "en.toml", RULES)
    write(tmp_path, "xx.toml", RULES.replace("want to die", "mori volo"))
    laughing = '[[not_when]]\nid = "l"\nwhere = "after"\nphrases = [", haha*"]\n'
    write(tmp_path, "shared.toml", laughing)
    screen = Screen.load(tmp_path)
    assert screen.screen("want to die, hahaha") is None
    assert screen.screen("mori volo hahaha") is None
    assert screen.screen("mori volo") == Finding("xx", "wish", "self")


def test_of_borrowed_words_alone_only_their_own_language_decides(tmp_path: Path) -> None:
    write(tmp_path, "en.toml", RULES)
    write(tmp_path, "xx.toml", RULES.replace("want to die", "[volo] hope to die"))
    screen = Screen.load(tmp_path)
    assert screen.screen("hope to die") is None
    assert screen.screen("volo hope to die") is not None
