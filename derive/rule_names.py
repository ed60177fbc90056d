"""The names of rules that stand at moves and lines, each with what it means."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class RuleName(StrEnum):
    """What made a line from the one before it."""

    ADD_UP = "add up"
    ADDITION_THEOREM = "addition theorem"
    ARITHMETIC = "arithmetic"
    CASE_BY_CASE = "case by case"
    CENTRE_THE_SUMS = "centre the sums"
    CLEAR_DENOMINATORS = "clear denominators"
    COLLECT = "collect"
    COMMON_FACTOR = "common factor"
    COMPARE_WITH_1 = "compare with 1"
    CONSTRAINT = "constraint"
    COUNT_THE_SIGNS = "count the signs"
    DETERMINANT = "determinant"
    DIFFERENTIATE = "differentiate"
    DIRECTION = "direction"
    DIVIDE = "divide"
    DROP_A_FACTOR = "drop a factor"
    ELIMINATE = "eliminate"
    END_OF_THE_DOMAIN = "end of the domain"
    ESTIMATE = "estimate"
    EXAMPLE = "example"
    EXCHANGE_THE_SUMS = "exchange the sums"
    EXPAND = "expand"
    EXPAND_UNDER_THE_SUM = "expand under the sum"
    EXPECTED_VALUES = "expected values"
    EXPONENTIAL_FAMILY = "exponential family"
    FACTOR = "factor"
    FUNCTIONS_TOGETHER = "functions together"
    GATHER_A_PRODUCT = "gather a product"
    GATHER_ROWS = "gather rows"
    IN_ONE_FUNCTION = "in one function"
    INTEGRATE = "integrate"
    FACTORISATION = "factorisation"
    INFORMATION = "information"
    INTERVAL = "interval"
    INVARIANCE = "invariance"
    INVERSE = "inverse"
    ISOLATE = "isolate"
    LAGRANGIAN = "lagrangian"
    LAMBERT_FUNCTION = "Lambert function"
    LARGEST = "largest"
    LEADING_TERM = "leading term"
    LEAVE_OUT = "leave out"
    LEAVE_OUT_A_CONSTANT = "leave out a constant"
    LETTER = "letter"
    LIMIT = "limit"
    LOG_OF_A_PRODUCT = "log of a product"
    LOG_RULES = "log rules"
    LOWER_THE_DEGREE = "lower the degree"
    MEET = "meet"
    MOVE_TERMS = "move terms"
    MULTIPLY = "multiply"
    NAME_THE_MEAN = "name the mean"
    NAME_THE_REST = "name the rest"
    NORMAL_EQUATIONS = "normal equations"
    ONE_FRACTION = "one fraction"
    ORDER_STATISTIC = "order statistic"
    PIVOT = "pivot"
    POLAR_COORDINATES = "polar coordinates"
    POWER = "power"
    PUT_IN = "substitute"
    PUT_IN_THE_DATA = "substitute the data"
    PUT_IN_THE_PREDICTION = "substitute the prediction"
    PUT_IN_THE_SUMS = "substitute the sums"
    QUADRATIC_FORMULA = "quadratic formula"
    RATIO = "ratio"
    RATIO_OF_NEIGHBOURS = "ratio of neighbours"
    RESULT = "result"
    RESULTANT = "resultant"
    SIGN = "sign"
    SLOPE = "slope"
    SOLVE = "solve"
    SPLIT_THE_SUM = "split the sum"
    STANDARD_ERROR = "standard error"
    SUBTRACT = "subtract"
    SUM = "sum"
    SUPPORT = "support"
    TABLE = "table"
    TAKE_A_ROOT = "take a root"
    TAKE_LOGARITHMS = "take logarithms"
    THE_WINDOW = "the window"
    TIE = "tie"
    UNDO_THE_FUNCTION = "undo the function"
    UNDO_THE_LOGARITHM = "undo the logarithm"


REASONS: Mapping[RuleName, str] = {
    RuleName.ADD_UP: "open brackets that stand alone and add like terms",
    RuleName.ADDITION_THEOREM: "the sine and the cosine of a sum",
    RuleName.ARITHMETIC: "work out the numbers",
    RuleName.CASE_BY_CASE: "a value for each case",
    RuleName.CENTRE_THE_SUMS: "sums of products less n times the means are sums of products of deviations",
    RuleName.CLEAR_DENOMINATORS: "multiply both sides by the common denominator",
    RuleName.COLLECT: "put the terms with the same power of the unknown together",
    RuleName.COMMON_FACTOR: "take the common factor out of the bracket",
    RuleName.COMPARE_WITH_1: "a ratio of neighbours above 1 means that the next value is larger",
    RuleName.CONSTRAINT: "what the parameters satisfy together",
    RuleName.COUNT_THE_SIGNS: "a polynomial has at most as many positive roots as its coefficients change sign",
    RuleName.DETERMINANT: "the determinant of the equations for the unknowns",
    RuleName.DIFFERENTIATE: "take the derivative term by term",
    RuleName.DIRECTION: "the likelihood rises or falls throughout",
    RuleName.DIVIDE: "divide both sides by what is not zero",
    RuleName.DROP_A_FACTOR: "a product is zero where the factor that can vanish is",
    RuleName.ELIMINATE: "put one equation into the other",
    RuleName.END_OF_THE_DOMAIN: "the maximum lies at an end of the domain",
    RuleName.ESTIMATE: "the solution is the estimate",
    RuleName.EXAMPLE: "an example",
    RuleName.EXCHANGE_THE_SUMS: "sum over the other index first",
    RuleName.EXPAND: "multiply out",
    RuleName.EXPAND_UNDER_THE_SUM: "multiply out under the sum sign",
    RuleName.EXPECTED_VALUES: "what a statistic is on average",
    RuleName.EXPONENTIAL_FAMILY: "the density in the form of an exponential family",
    RuleName.FACTOR: "write as a product",
    RuleName.FUNCTIONS_TOGETHER: "functions of the same kind on one side",
    RuleName.GATHER_A_PRODUCT: "factors with the same base: add the exponents",
    RuleName.GATHER_ROWS: "the same bases in every row: add the exponents",
    RuleName.IN_ONE_FUNCTION: "the unknown under one function only",
    RuleName.INTEGRATE: "integrate the density",
    RuleName.FACTORISATION: "the likelihood as a function of a statistic and the parameters, times one of the observations",
    RuleName.INFORMATION: "what the second derivatives of the log-likelihood say of the parameters",
    RuleName.INTERVAL: "values that the data do not speak against",
    RuleName.INVARIANCE: "a function of the parameter is estimated by that function of the estimate",
    RuleName.INVERSE: "the inverse of a matrix",
    RuleName.ISOLATE: "solve for the function of the unknown",
    RuleName.LAGRANGIAN: "the function with the constraint and its multiplier",
    RuleName.LAMBERT_FUNCTION: "w e^w = z is solved by Lambert's function",
    RuleName.LARGEST: "the largest of the values compared",
    RuleName.LEADING_TERM: "the leading term of an expansion",
    RuleName.LEAVE_OUT: "leave out what does not move the maximum",
    RuleName.LEAVE_OUT_A_CONSTANT: "a constant does not move the maximum",
    RuleName.LETTER: "a letter for a part",
    RuleName.LIMIT: "the limit at an end",
    RuleName.LOG_OF_A_PRODUCT: "the logarithm turns the product into a sum",
    RuleName.LOG_RULES: "the log of a product is the sum of the logs, the log of a power is the exponent times the log",
    RuleName.LOWER_THE_DEGREE: "divide by a known factor",
    RuleName.MEET: "two pieces meet",
    RuleName.MOVE_TERMS: "add the same to both sides",
    RuleName.MULTIPLY: "multiply both sides by what is not zero",
    RuleName.NAME_THE_MEAN: "the sum divided by n is the sample mean",
    RuleName.NAME_THE_REST: "a letter for the rest",
    RuleName.NORMAL_EQUATIONS: "the equations of least squares",
    RuleName.ONE_FRACTION: "write a difference that becomes one term over the common denominator so",
    RuleName.ORDER_STATISTIC: "the observations in order",
    RuleName.PIVOT: "divide a row by its first number",
    RuleName.POLAR_COORDINATES: "a length and an angle",
    RuleName.POWER: "raised to a power",
    RuleName.PUT_IN: "substitute what is known",
    RuleName.PUT_IN_THE_DATA: "substitute the data",
    RuleName.PUT_IN_THE_PREDICTION: "substitute the prediction",
    RuleName.PUT_IN_THE_SUMS: "substitute the sums over the sample",
    RuleName.QUADRATIC_FORMULA: "the two roots of a quadratic",
    RuleName.RATIO: "the ratio of two values",
    RuleName.RATIO_OF_NEIGHBOURS: "the ratio of the likelihood at a whole number and the one before",
    RuleName.RESULT: "the result",
    RuleName.RESULTANT: "one unknown eliminated from two polynomials",
    RuleName.SIGN: "the sign from the domains",
    RuleName.SLOPE: "the derivative",
    RuleName.SOLVE: "solve for the unknown",
    RuleName.SPLIT_THE_SUM: "sum term by term; constants come out of the sum",
    RuleName.STANDARD_ERROR: "the root of an approximate variance",
    RuleName.SUBTRACT: "subtract one equation from the other",
    RuleName.SUM: "add up",
    RuleName.SUPPORT: "where the density is positive",
    RuleName.TABLE: "values compared",
    RuleName.TAKE_A_ROOT: "take a root of both sides",
    RuleName.TAKE_LOGARITHMS: "take the logarithm of both sides",
    RuleName.THE_WINDOW: "the probability of what could be seen",
    RuleName.TIE: "equal values",
    RuleName.UNDO_THE_FUNCTION: "apply the inverse function to both sides",
    RuleName.UNDO_THE_LOGARITHM: "raise e to both sides",
}
