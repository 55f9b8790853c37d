"""Addresses on the web in; whether they are alive out."""
