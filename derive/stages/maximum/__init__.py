"""Arguments that what was found is the maximum.

For one unknown, in the order in which `maximum` tries them: concavity for all its values; the second derivative at the only
stationary point; a score that, times a positive factor, decreases (`decreasing_score`); a single change of its sign
(`single_sign_change`); an exponential family with one statistic (`exponential_family`).  For several at once: concavity in a linear
predictor (`linear_predictor`), natural parameters of an exponential family (`natural_parameters`).
"""
