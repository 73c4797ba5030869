"""Fits the weights of a passage's score to the questions marked `calibrate`, and says how well they do on all.

python -m tests.assistant.handbook.calibrate
"""

import numpy as np

from alpenglow.assistant.handbook import Encoder, Handbook
from alpenglow.assistant.handbook.retrieval import BOTH, WORDS, Weights
from tests.assistant.handbook.questions import LANGUAGES, encoder, questions

_HARDEST = 20  # passages of each question that the regression sees


def fit(book: Handbook, now: Weights) -> tuple[float, float, float, float]:
    """Logistic regression: is this passage an answer to this question?"""
    rows, answers = [], []
    for language in LANGUAGES:
        for question in questions(language, "calibrate"):
            evidence = book.evidence(question.text, language)
            hardest = sorted(evidence, key=lambda i: -evidence[i].sum(now))[:_HARDEST]
            for passage in hardest:
                e = evidence[passage]
                rows.append((e.coverage, e.bm25, e.closeness, 1.0))
                answers.append(passage in question.wanted)
    x, y = np.array(rows), np.array(answers, dtype=float)
    w = np.zeros(4)
    for _ in range(40):  # Newton's method, with a little ridge
        p = 1.0 / (1.0 + np.exp(-x @ w))
        hessian = (x * (p * (1.0 - p))[:, None]).T @ x + 0.01 * np.eye(4)
        w += np.linalg.solve(hessian, x.T @ (y - p) - 0.01 * w)
    return tuple(round(float(v), 3) for v in w)


def report(title: str, encoder_: Encoder | None, weights: Weights) -> None:
    """Print the fitted weights and the outcome of those in force."""
    book = Handbook.load(encoder=encoder_)
    print(f"{title}: fitted coverage, bm25, closeness, start = {fit(book, weights)}; in force {weights}")
    for set_ in ("calibrate", "test", "fresh"):
        for language in LANGUAGES:
            asked = questions(language, set_)
            tops = [(q, book.search(q.text, language, 1)[0]) for q in asked]
            right = [f.passage.id in q.wanted for q, f in tops if q.wanted]
            quoted = [f.passage.id in q.wanted and f.sure for q, f in tops if q.wanted]
            silent = [not f.sure for q, f in tops if not q.wanted]
            print(
                f"  {set_:9} {language}: right passage first {np.mean(right):.1%} of {len(right)}, "
                f"quoted {np.mean(quoted):.1%}; silent about the rest {np.mean(silent):.1%} of {len(silent)}"
            )
            for q, f in tops:
                if (q.wanted and (f.passage.id not in q.wanted or not f.sure)) or (not q.wanted and f.sure):
                    print(f"      {q.text}  →  {f.passage.id} {f.score:.2f} {'sure' if f.sure else ''}")


if __name__ == "__main__":
    if (e5 := encoder()) is not None:
        report("words and meaning", e5, BOTH)
    report("words alone", None, WORDS)
