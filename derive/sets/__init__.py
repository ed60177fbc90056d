"""Sets of real numbers: domains of parameters, supports of densities, conditions on a variable."""
