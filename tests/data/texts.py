"""Texts that are hard to tokenise, and the tokens of one text of a corpus."""

from data.tokens import Tokens

TEXTS = [
    "The U.S. economy grew 3.5%, officials said.",
    "Gimme more! You cannot, you're gonna wanna; d'ye? 'Tis 'twas",
    "",
    "  \t ",
    "“Quoted” «text» — an em-dash… and ellipsis",
    "wanna wanna cannot-cannot lemme gotta more'n",
    "Ünïcödé straße ﬁne\u00a0space 東京 cannot",
    "!!!",
]


def text_tokens(tokens: Tokens, row: int) -> list[str]:
    start, end = tokens.offsets[row : row + 2]
    return [tokens.words[i] for i in tokens.ids[start:end]]
