"""What normalize decides: values in, values out."""
