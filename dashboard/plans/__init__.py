"""The pages Phân kỳ, Cài đặt, Hạn báo cáo and Ranh giới: what is set for a plan."""
