"""The words of the program: values that every other folder speaks in. Nothing here does anything."""
