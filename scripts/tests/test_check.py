from scripts.check import Step, run


def test_a_step_fails_with_its_tool(capfd):
    assert run(Step("good", "all is well", ["true"]), {"PATH": "/usr/bin:/bin"})
    assert not run(Step("bad", "all is well", ["false"]), {"PATH": "/usr/bin:/bin"})

    assert "bad: FAILED (exit code 1)" in capfd.readouterr().out
