"""The recorder in the browser: its page, its offline shell, its device."""
