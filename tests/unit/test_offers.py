"""What is offered where the search isn't sure: each right guide, and hardly a frightening one."""

from dataclasses import replace

from bot.resources.offers import offered
from tests.benchmarks.search import read_half, with_typos
from tests.unit.test_search import RECIPES, held_half, library, search


def test_no_question_loses_its_guide_where_only_what_comes_near_is_offered() -> None:
    half = read_half(1)
    asked = [*half.questions, *with_typos(half.questions)]
    found = [(question.answers, search().find(question.text, limit=9)) for question in asked]

    lost = [
        hit.id
        for answers, those in found
        for hit in those.hits
        if hit.id in answers and hit.id not in offered(those, library())
    ]

    assert lost == []


def test_what_no_guide_answers_is_rarely_offered_one_with_a_content_note() -> None:
    found = [search().find(question.text, limit=9) for question in held_half().off_topic]
    offers = [offered(those, library())[:3] for those in found if not those.is_confident]

    noted = [ids for ids in offers if any(library().by_id[item].content_note for item in ids)]

    assert len(noted) <= len(offers) / 10


def test_a_communitys_own_name_for_something_is_offered_by_its_words_alone() -> None:
    document = replace(RECIPES, title="Zorblefest", asked=("zorblefest",))
    found = search().find("when is zorblefest", search().index([document]))

    assert offered(replace(found, is_confident=False), library())[0] == RECIPES.id
