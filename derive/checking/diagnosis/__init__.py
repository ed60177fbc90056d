"""Why a line is wrong."""
