"""What peers get wrong, as tests that hold here.

The defects of Coach CO2, by their number in our notes, and where each is tested:

1 calories at the top band: ``unit/coach/test_effort``; 2 days chained by twelve hours:
``unit/coach/test_facts``; 3 a correction that forgets a habit: ``unit/coach/test_recurring``;
4 steps in a flight's footprint, 5 a fast train taken for a plane: here; 6 a search box too
narrow: ``unit/coach/test_recurring``; 7 quotes, zeros and dates of a table: here; 8 averages
joined by their place in a list: ``unit/coach/test_facts``; 9 an answer that never arrives: here;
10 a day that fails and is passed over: ``web/test_live_spool`` (what is not taken in stays);
11 units of mended speeds, 12 the second trip of a document: here; 13 parts that do not sum, 14
days of another zone: here and in ``unit/coach/test_facts``; 15 all traces in memory: here; 16 an
average without its first value: ``unit/coach/test_recurring``; 17 two devices, twice the
trips: here and in ``unit/clean/test_clean``.
"""
