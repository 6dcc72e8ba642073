"""Where each bad plugin and each bad wish is held to its end: a typed error with a name, or a declared lesser plan.

The word is `PluginFailed.fault` or the class of the error; "plays" is a result with the warning that is named.
"""

from __future__ import annotations

from pathlib import Path

import pytest

HELD = {
    "crashes at load": ("crashed", "test_faults::test_a_plugin_that_fails_at_once_is_named"),
    "crashes at the first block": ("crashed", "test_faults::test_a_plugin_that_fails_at_once_is_named"),
    "crashes at the last block": (
        "crashed",
        "test_bad_journeys::test_every_villain_in_the_hot_folder_costs_its_own_job_by_name_and_nothing_else",
    ),
    "crashes over its state": ("plays", "test_faults::test_a_plugin_that_crashes_over_its_state_can_be_used"),
    "crashes while it is unloaded": (
        "plays",
        "test_faults::test_a_plugin_that_crashes_while_it_is_unloaded_has_given_its_sound",
    ),
    "exits with code 0": ("crashed", "test_deaths::test_exit_code_0_in_the_middle_is_a_crash_too"),
    "hangs asleep, alone": (
        "hung",
        "test_endless::test_alone_a_plugin_without_a_frame_is_ended_at_its_deadline_whatever_it_burns",
    ),
    "hangs burning the processor, in a render worker": (
        "hung",
        "test_endless::test_in_a_render_worker_it_is_ended_at_its_deadline_too",
    ),
    "is alive and much too slow": (
        "too_slow",
        "test_endless::test_a_plugin_that_is_alive_and_nearly_100_times_too_slow_is_ended_named_and_has_a_strike",
    ),
    "is slow and alive": ("plays", "test_endless::test_a_plugin_at_a_fifth_of_real_time_is_waited_for"),
    "loads for minutes": (
        "plays",
        "test_scan::test_what_loads_for_too_long_is_left_unfinished_and_the_others_are_done",
    ),
    "NaN only at the end of one channel": (
        "not_finite",
        "test_faults::test_nan_at_the_very_end_of_one_channel_is_seen",
    ),
    "floods stderr": (
        "plays: warning",
        "test_flood::test_a_flood_in_the_render_worker_is_a_warning_of_the_job",
    ),
    "allocates without end": ("memory", "test_faults::test_a_plugin_that_fails_in_the_middle_is_named"),
    "denies its state": (
        "plays",
        "test_faults::test_a_plugin_that_denies_its_state_can_be_used_and_is_known",
    ),
    "hides latency": ("plays: warning", "test_host::test_latency_that_a_plugin_hides_is_measured_and_said"),
    "claims latency that it has not": (
        "plays: warning",
        "test_host::test_latency_that_a_plugin_only_claims_is_not_taken_from_the_sound",
    ),
    "is no plugin at all": ("unusable", "test_faults::test_what_is_no_plugin_at_all_is_unusable"),
    "survives only one instance": (
        "plays",
        "test_host::test_two_instances_that_disturb_each_other_get_a_process_each",
    ),
    "parameters out of range": ("BadPlan", "test_parameters::test_what_is_no_number_in_range_is_refused"),
    "parameters misspelt, __class__": (
        "BadPlan",
        "test_parameters::test_unknown_names_are_refused_with_the_nearest_and_nothing_else_is_taken",
    ),
    "a parameter named process": (
        "plays",
        "test_host::test_a_parameter_named_like_a_python_attribute_is_a_parameter",
    ),
    "a file outside of the folders, ../": (
        "PathRefused",
        "test_host::test_a_file_outside_of_the_plugin_folders_is_never_loaded",
    ),
    "a link out of the folders": (
        "PathRefused",
        "test_host::test_a_folder_that_leads_out_of_the_plugin_folders_is_not_followed",
    ),
    "links in circles": ("unusable", "test_bad_bundles::test_links_to_nothing_and_in_circles_are_unusable"),
    "a newline in the name": (
        "plays",
        "test_bad_bundles::test_any_name_is_scanned_and_played_under_its_name",
    ),
    "a named pipe": ("unusable", "test_bad_bundles::test_a_named_pipe_is_not_waited_for"),
    "a sparse file of 10 GB": (
        "unusable",
        "test_bad_bundles::test_a_sparse_file_of_10_gigabytes_is_unusable_at_once",
    ),
    "is missing": ("missing", "test_host::test_a_missing_plugin_is_named_with_what_comes_nearest"),
}


@pytest.mark.parametrize("bad", HELD)
def test_every_kind_of_bad_input_has_its_test(bad):
    module, _, name = HELD[bad][1].partition("::")
    assert f"def {name}(" in (Path(__file__).parent / f"{module}.py").read_text()
