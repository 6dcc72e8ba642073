"""Several stems as one mix: what each is, how loud it should stand, who makes room for whom, and what lies early."""
