"""What carries a claim: inequalities, expansions, arguments about ratios of neighbours."""
