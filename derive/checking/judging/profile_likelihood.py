"""The profile log-likelihood: l with all parameters but one at their maximum for given values of that one.

At that maximum the slope of the profile is the partial derivative of l; with one other parameter its curvature is
l_aa - l_ab^2 / l_bb (Barndorff-Nielsen and Cox, Inference and Asymptotics, 1994, section 3.4).
"""

from __future__ import annotations

from ...formula.tree import Apply, Derivative, Div, Formula, Pow, Sym, add, each, neg, num, transform

PROFILE = "ell_prof"


def of_profile(f: Formula) -> str | None:
    """The parameter that a profile in f is a function of; None where there is no profile."""
    for g in each(f, Apply):
        if g.name == PROFILE and len(g.args) == 1 and isinstance(g.args[0], Sym):
            return g.args[0].name
    return None


def opened(f: Formula, names: tuple[str, ...], fixed: bool = False) -> Formula:
    """f with the profile and its derivatives written by l itself, right where the other parameters are at their maximum.

    fixed: that maximum does not move with the parameter, as where it is an end that the data set.
    """
    ell = Apply("ell", ())

    def change(g: Formula) -> Formula | None:
        match g:
            case Derivative(Apply("ell", ()), ((Sym(p), 2),)) if p in names:
                others = [k for k in names if k != p]
                if fixed:
                    return Derivative(ell, ((Sym(p), 2),))
                if len(others) != 1:
                    return None
                b = Sym(others[0])
                mixed = Derivative(ell, ((Sym(p), 1), (b, 1)))
                return add(g, neg(Div(Pow(mixed, num(2)), Derivative(ell, ((b, 2),)))))
            case Apply(name, _) if name == PROFILE:
                return ell
        return None

    return transform(f, change)
