"""The judge of lines: does a line hold at test points?"""
