"""What a reviewer does with what was sent: what to notice, the queue, decisions on one and on several, and the second
look.
"""
