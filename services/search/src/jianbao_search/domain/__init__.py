"""Pure rules of indexing and searching: values in, values out."""
