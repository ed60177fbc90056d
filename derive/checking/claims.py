"""What a hand-worked solution says: the claims that reading produces and judging judges.

Names in the formulas of a claim are the problem's own, in the spelling of `formula.names`, and these:

    L, ell, nll          Apply: the likelihood, its logarithm, minus its logarithm; arguments are parameter values,
                         data among the arguments are left out; no arguments: at the parameters themselves
    ell_prof             Apply: the log-likelihood with the other parameters at their maximum for given arguments
    f, F                 Apply: the density (or mass function), the distribution function: first the point, then
                         parameter values; other functions keep the name that was written (J, g, S, I_n, ...)
    E, Var, P            Apply: expectation and variance of an expression, probability of a Relation
    hat                  Apply: a wide hat over an expression: its value at the estimate
    bar                  Apply: a bar over an expression: its mean over the sample; the mean of x itself is Sym x_bar
    argmax, argmin       Apply: (what, variable) or (what,); max, min over a variable: Apply maxover, minover
    smax, smin           Apply: the greatest or least over the sample of an expression in x_i
    tuple                Apply: (a, b) as a pair
    names.hat(NAME)      Sym: the estimate of the parameter NAME (theta_hat, beta_hat_1), however it is decorated
    n                    Sym: the sample size, whatever its letter
    x_bar, x_med         Sym: the mean and the median of the sample; x_vec: the sample as a vector
    const                Sym: "+ C", "+ const": a constant free of the parameters
    x, At(x, i)          the observed variable, also where it is written as a capital; order statistics At(x_ord, k)
    Derivative           of Apply ell or L: l', l-dot, partial l / partial theta; a variable of it may be an expression:
                         Pow(sigma, 2) where the question's parameter is sigma, sqrt(sigma2) where it is sigma^2; a
                         derivative taken at a point is Where(Derivative(...), theta, theta_hat)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from ..formula.tree import Apply, Formula, Sym

CONSTANT = Sym("const")
MAXIMA = Apply("maxima", ())  # how many maxima the likelihood has: "there is no maximum"
POSSIBLE = Apply("possible", ())  # 1 where the observations can occur, else 0
ENDS = (
    "least",
    "greatest",
    "best end",
)  # of a parameter: its least and greatest admissible value; at which end of these L is highest: 1 or -1
IN_PASSING = "in passing"  # the prose of an asserted claim that is left out of the report where it is not known whether it is true
EVERYWHERE = "everywhere"  # the prose of an asserted claim that is said to hold for all values
SIGNS = ("=", "<", "<=", ">", ">=", "!=", "approx", "propto", "in", ":=", "~")
ACTS = ("claim", "definition", "hypothesis", "question", "aside")


@dataclass(frozen=True, slots=True)
class Claim:
    """One relation as a solution states it.

    number: its place in the file.  source_line: 1-based line where its row begins.  text: as written.
    left, right: its sides; None for a side that was not understood.  sign: one of SIGNS.
    chain: claims of one chain a = b = c share a number and stand in order; the left side of a later one is the
    right side of the one before it.
    joined: how it is linked to what stands before: "" (a new statement), "continues" (a chain), "implies", "iff",
    "set" (the sign has "set" or "!" over it), "condition" (a side condition: for x > 0, if, where).
    prose: the words before it: its sentence, the words in its row.
    unread: why it could not be read, or None.
    alternatives: other ways to read the two sides, where the notation allows several; the likeliest is left, right.
    defines: the side that is a letter or function head of the writer's own, which this claim gives its meaning; None
    where there is none.  The meaning may use letters that a later claim defines (m_1 = m_4 = r/2).
    worded: the relation stands in words: "the likelihood is ...", "which equals ...".
    asserted: a sentence without a formula states it: "the log-likelihood is concave"; where it is said to hold stays open.
    act: what it does in its sentence, one of ACTS.  "claim": it is said to hold.  "definition": it gives a name its
    meaning (let, where, denote by).  "hypothesis": it is supposed (if, for theta > 0, under H_0), not claimed.
    "question": it is what is asked, or still to be shown ("we want", "is it true that").  "aside": it is program text,
    or said of another model, function or method.
    scope: the numbers of the hypotheses under which it is claimed.
    at_estimate: the words say that it is taken at the estimate ("at the maximum", "at theta_hat").
    start, end: offsets of the relation in the text; -1 where it has none (a side that stands in words).
    after: the words behind it in its sentence, up to the next formula.
    numerals: the numbers of the left and of the right side as they are written: ("0.50", "3").
    written: its names as they are written, with what they were settled to: ("p", "f"), ("\\mathcal L", "L").
    """

    number: int
    source_line: int
    text: str
    left: Formula | None
    sign: str
    right: Formula | None
    chain: int
    joined: str = ""
    prose: str = ""
    unread: str | None = None
    alternatives: tuple[tuple[Formula, Formula], ...] = ()
    defines: Formula | None = None
    worded: bool = False
    asserted: bool = False
    act: str = "claim"
    scope: tuple[int, ...] = ()
    at_estimate: bool = False
    start: int = -1
    end: int = -1
    after: str = ""
    numerals: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    written: tuple[tuple[str, str], ...] = ()

    @property
    def readings(self) -> tuple[tuple[Formula, Formula], ...]:
        """Every way to read the two sides, the likeliest first; none where a side was not understood."""
        if self.left is None or self.right is None:
            return ()
        return ((self.left, self.right), *self.alternatives)


@dataclass(frozen=True, slots=True)
class Mention:
    """A formula without a relation sign ("the maximum is at", "minimise:"), with the words before and behind it."""

    source_line: int
    text: str
    formula: Formula
    prose: str = ""
    start: int = -1
    end: int = -1
    after: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Numbers that the text gives as data: "data 2, 4, 6", "X = 12 heads", "n = 7".

    name: what they are of, in the problem's spelling (x, n, x_bar), or the word before them ("data", "heads"); "" for none.
    values: the numbers, exact as they are written.  start, end: their place in the text.
    """

    name: str
    values: tuple[Fraction, ...]
    source_line: int
    start: int = -1
    end: int = -1


@dataclass(frozen=True, slots=True)
class Solution:
    """A solution as it was read.

    text: the file.  claims, mentions: in order.  prose: (line, words) outside formulas, in order.
    remarks: what was left out and why (too long, too deep, out of time).
    told: the numbers that the text gives as data, in order.
    """

    text: str
    claims: tuple[Claim, ...]
    mentions: tuple[Mention, ...] = ()
    prose: tuple[tuple[int, str], ...] = ()
    remarks: tuple[str, ...] = field(default=())
    told: tuple[Told, ...] = ()
