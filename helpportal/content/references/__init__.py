"""What refers to what: links to a page, links that lead nowhere, addresses of other sites."""
