"""What the pages share: session keys, resources, drawing."""
