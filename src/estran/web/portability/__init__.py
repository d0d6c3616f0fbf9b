"""Taking one's data along: exports, archives restored, moves to another site."""
