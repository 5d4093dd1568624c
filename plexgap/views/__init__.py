"""What a page or a command shows, ready to draw."""
