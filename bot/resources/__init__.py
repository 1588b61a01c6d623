"""Resources: the library of guides, communities' own resources, and answers from both."""
