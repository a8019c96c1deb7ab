"""How strong the hashes are that the product keeps; the tests' own are weak, so this asks a process of its own."""

import re
import subprocess
import sys


def test_a_kept_password_costs_who_guesses_it():
    """At least what OWASP's sheet on password storage asks of Argon2id: 19 MiB, 2 passes; and no two hashes are
    alike.
    """
    script = (
        "from data_model.accounts.passwords import new_password as new\nprint(*(new('mot cau dai', 'mot cau dai').hash"
        " for _ in range(2)))"
    )
    first, second = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    memory, passes = map(int, re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),", first).groups())
    assert memory >= 19 * 1024 and passes >= 2
    assert first != second
