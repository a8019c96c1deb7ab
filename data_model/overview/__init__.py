"""The leader's first look at a plan: where it lags and why, what waits for whoever looks, what moved in a week."""
