"""The web application: pages made on the server, no build step, nothing fetched from outside."""
