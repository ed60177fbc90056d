"""Every rewrite rule there is."""

from __future__ import annotations

from .angles import opened_angle
from .brackets import arithmetic, common_number, one_fraction
from .families import gather_rows, inner_constants_out
from .logs import gather_product, open_log
from .rule import Rule
from .sums import centred, expand_in_sum, fold_means, split_sums

RULES: tuple[Rule, ...] = (
    open_log,
    gather_product,
    split_sums,
    expand_in_sum,
    fold_means,
    centred,
    common_number,
    one_fraction,
    arithmetic,
    inner_constants_out,
    gather_rows,
    opened_angle,
)
