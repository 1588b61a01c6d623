"""Campaigns: days that come back every year, and the posts around them."""
