"""One command that starts everything: the site, its workers, and who watches over them."""
