"""What a person takes along: single formats, and the archive that holds everything."""
