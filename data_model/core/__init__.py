"""The ground: database, clock, settings, labels, refusals, who may do what, and the line that every act writes into the
journal.
"""
