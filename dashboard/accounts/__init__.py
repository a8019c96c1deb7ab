"""The pages Tài khoản and Tôi: accounts, and one's own."""
