"""From a noise model to the loss that is minimised."""
