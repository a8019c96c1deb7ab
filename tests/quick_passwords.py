"""Imported, it makes hashing passwords quick. A real hash takes a fifth of a second on purpose, and the tests make
hundreds; how strong it is, test_passwords looks at.
"""

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from data_model.accounts import passwords

passwords._hasher = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),))
passwords._NOBODY = passwords._hasher.hash("nobody's")
