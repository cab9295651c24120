"""What the desk promises: by when a first answer and a solution are due, counted in the working time of a queue.

The clock stands still while the desk waits for somebody, and between "resolved" and "it is not solved after all".
"""
