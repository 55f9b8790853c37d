"""threepass: a library of days, papers and claims becomes a site that stays true."""
