"""From a sentence to a wish: the words of each language are data (`words/`), the way of reading them is code."""
