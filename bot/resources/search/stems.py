"""Words as they are counted: without endings, and without those that every text has.

Snowball's English stemmer finds no more here (docs/search.md), and takes 4 MB.
"""

from collections.abc import Sequence
from functools import lru_cache

STOP_WORDS = frozenset(
    [
        *("a", "about", "all", "am", "an", "and", "any", "are", "as", "at", "be", "been"),
        *("being", "but", "by", "did", "do", "does", "doing", "dont", "for", "from", "had"),
        *("has", "have", "having", "he", "her", "here", "hers", "him", "his", "how", "i", "id"),
        *("if", "ill", "im", "in", "into", "is", "it", "its", "ive", "just", "me", "my", "of"),
        *("on", "or", "our", "ours", "pls", "please", "she", "so", "some", "than", "that"),
        *("thats", "the", "their", "theirs", "them", "then", "there", "these", "they", "theyre"),
        *("this", "those", "to", "too", "u", "ur", "us", "was", "we", "were", "what", "when"),
        *("where", "which", "who", "whom", "why", "will", "with", "would", "you", "youre"),
        *("your", "yours", "really", "very", "like", "get", "got"),
    ]
)
LEAST_ROOT = 3

_ENDINGS = (
    *(("nesses", ""), ("ations", "ate"), ("ation", "ate"), ("ness", ""), ("ments", "")),
    *(("ment", ""), ("fully", ""), ("ful", ""), ("ingly", ""), ("edly", ""), ("ings", "")),
    *(("ing", ""), ("ied", "y"), ("ies", "y"), ("ed", ""), ("ers", ""), ("er", ""), ("ly", "")),
    *(("sses", "ss"), ("es", ""), ("s", "")),
)
_VOWELS = frozenset("aeiouy")
_KEPT_DOUBLE = frozenset("lsz")


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A word without its ending, so that "worried", "worries" and "worry" are one."""
    if not word.endswith("ss"):
        for ending, instead in _ENDINGS:
            root = word.removesuffix(ending) + instead
            if word.endswith(ending) and len(root) >= LEAST_ROOT and _VOWELS.intersection(root):
                word = root
                break
    if len(word) > LEAST_ROOT and word[-1] == word[-2] and word[-1] not in _KEPT_DOUBLE:
        word = word[:-1]
    if len(word) > LEAST_ROOT and word[-1] in "ey":
        word = word[:-1] + ("i" if word[-1] == "y" else "")
    return word


def stems_of(words: Sequence[str]) -> list[str]:
    """The stems of the words that tell one text from another; of all of them if none does."""
    return [stem(word) for word in words if word not in STOP_WORDS] or [stem(w) for w in words]
