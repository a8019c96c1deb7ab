"""People: their accounts, passwords, sign-ins, one-time links and single sign-on."""
