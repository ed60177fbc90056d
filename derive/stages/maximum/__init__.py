"""Arguments that what was found is the maximum.

For one unknown they stand in one table, `maximum.ARGUMENTS`, in the order in which they are tried: concavity for all its values
(`concavity`); the second derivative at the only stationary point (`second_derivative_test`); the derivative as a positive factor
times what falls through 0 once (`single_sign_change`, `decreasing_score`); an exponential family with one statistic
(`exponential_family`).  Each takes an `Unknown` and returns a `MaximumArgument`, or None.  For several at once: concavity in a
linear predictor (`linear_predictor`), natural parameters of an exponential family (`natural_parameters`).
"""
