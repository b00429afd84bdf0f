// SPDX-License-Identifier: Apache-2.0

package github_test

import (
	"iter"
	"strings"
)

// theCatalogue is the catalogue of faults: the section, the number, the case, and its variants if
// it has several. Those of a body stand for the request that it answers.
const theCatalogue = `
A 1 zero_tokens: refused, allow_empty
A 2 one_token
A 3 page_border_99_100_101_200_201: 99, 100, 101, 200, 201
A 4 exactly_100_with_next_to_empty_page
A 5 last_link_missing
A 6 link_multiple_header_lines
A 7 link_unquoted_rel: unquoted_rel, REL=Next, extra_params, comma_in_URL
A 8 link_next_page: not_a_number, cursor, empty
A 9 link_next_same_page
A 10 link_next_other_host
A 11 link_next_http_downgrade
A 12 link_next_other: path, org
A 13 server_ignores_per_page
A 14 duplicate_id_across_pages_equal
A 15 duplicate_id_different_content
A 16 delete_between_pages
A 17 insert_between_pages
A 18 churn_forever
A 19 second_pass_304
A 20 304_without_cache_entry: first_page, second_page, repositories
A 21 one_million_tokens
A 22 subset_with_0_repos
A 23 subset_101_repos
A 24 subset_10000_repos
B 25 empty_body_200: first_page, second_page, repositories
B 26 null_200: first_page, second_page, repositories
B 27 object_instead_of_array: first_page, second_page, repositories
B 28 message_200: first_page, second_page, repositories
B 29 [null]: first_page, second_page, repositories
B 30 [{}]: first_page, second_page, repositories
B 31 html_200_unicorn: first_page, second_page, repositories
B 32 html_200_sso_login: first_page, second_page, repositories
B 33 truncated_json: first_page, second_page, repositories
B 34 content_length_short_after_complete_value: first_page, second_page, repositories
B 35 chunked_no_terminator: first_page, second_page, repositories
B 36 gzip_trailer_missing: first_page, second_page, repositories
B 37 gzip_corrupt: first_page, second_page, repositories
B 38 trailing_garbage_after_array: first_page, second_page, repositories
B 39 two_arrays: first_page, second_page, repositories
B 40 duplicate_keys: first_page, second_page, repositories
B 41 case_variant_keys: beside, instead
B 42 invalid_utf8_name
B 43 lone_surrogate
B 44 id: 0, negative, float, string, above_2^63, above_2^53
B 45 gzip_bomb: first_page, second_page, repositories
B 46 2GB_body: first_page, second_page, repositories
B 47 deep_nesting: first_page, second_page, repositories
B 48 wrong_content_type_json_body: first_page, second_page, repositories
B 49 204_no_content: first_page, second_page, repositories
B 50 202_accepted: first_page, second_page, repositories
B 51 206: first_page, second_page, repositories
C 52 repository_selection_future
C 53 repository_selection: null, absent, empty, ALL
C 54 permission_unknown_name: read, write
C 55 permission_level: admin, write-all, null, number
C 56 permissions: absent, null, empty
C 57 permissions_new_group
C 58 owner_null
C 59 owner_renamed_mid_run
C 60 token_name: absent, empty, above_255, 10kB
C 61 token_last_used_at_null
C 62 last_used_in_future: 4m, 6m
C 63 extra_unknown_fields
D 64 expires_null
D 65 expires_absent
D 66 expires_exactly_now: -1s, 0s, 1s
D 67 year_9999
D 68 year_10000
D 69 0001-01-01
D 70 2026-02-29
D 71 60_seconds
D 72 UTC_text_form
D 73 offset: +14:00, -12:00, beyond_year_9999
D 74 leap_day_2028-02-29_+_1_year: 365_days, 366_days, 367_days
D 75 max_lifetime_366_d_over_leap_year: 366_days, 367_days, 368_days
D 76 dst_local_zone
D 77 TZ=garbage
D 78 local_clock: -10m, +10m, -1h, +1h, -1h1s, +1h1s, -1d, +1d, -1d1s, +1d1s, one_page, 31_days
D 79 Date_header: absent, garbage
D 80 token_expired_but_expires_in_future
D 81 expiry_passes_during_the_run: told, not_told
E 82 403_permission: App, bare_token
E 83 404_list
E 84 422
E 85 400_api_version
E 86 410_451: 410, 451
E 87 401_fresh_token_then_200
E 88 401_expired_mid_run
E 89 401_after_refresh: before_the_first_page, after_it
E 90 mint_5xx: once, always
E 91 mint_404_suspended_installation: 404, suspended, suspended_meanwhile
E 92 403_on_one_of_N_repositories: others_clean, others_violate
E 93 404_on_repositories_token_gone
E 94 404_on_repositories_token_still_listed
E 95 5xx_once: 500, Retry-After
E 96 5xx_storm: one_request, all
E 97 502_html: once, always
E 98 429_and_403_secondary_with_Retry-After_1: 429, 403
E 99 secondary_without_headers
E 100 Retry-After: 0, -1, 0.1, date, 10^9, garbage
E 101 remaining_0_reset_future: within_max-wait, beyond_max-wait
E 102 reset_in_past: reset_in_past, headers_absent
E 103 another_job_eats_the_quota: within_max-wait, beyond_max-wait
E 104 301_org_rename: App, bare_token
E 105 301_other_host: 301_other_host, 307_loop, http_downgrade, one_list_of_repositories
E 106 slowloris: once, always
E 106 headers_never_end: once, always, slowly
E 106 connection_reset: before_headers, after_headers, always
E 106 TLS_error: untrusted, no_TLS
E 106 DNS_failure: once, always
E 106 HTTP2_GOAWAY: once, always
E 107 proxy_407
E 107 captive_portal_200
E 108 graphql_200+errors+data
E 108 graphql_RATE_LIMITED: once, RATE_LIMIT, code_alone, always
E 108 graphql_RESOURCE_LIMITS
E 108 graphql_timeout: error, once, once_beside_data, silence
E 108 graphql_hasTwoFactorEnabled_null
E 108 graphql_node_null
E 108 graphql_hasNextPage_true_with_endCursor_null
F a race_detector_on_1000_tokens_x_32_workers
F b result_order_deterministic_for_any_schedule
F c 100-in-flight_never_exceeded
F d N_requests_in_any_60_s_window: 20ms, 80ms, 400ms
F e slip_test
G 109 Link_missing: tokens, tokens_200, first_page, second_page, tokens_by_30, exactly_30,
	repositories, repositories_by_30, requests, outside_collaborators,
	authorizations, audit_log, audit_log_of_100, page_again
G 110 last: alone, next_without_last, beyond_the_end, one_beyond_the_end, before_the_end,
	20000, 1000000000, once, beyond_its_page
G 111 other_relations: deprecation, sunset, alternate, an_extension
G 112 other_origin: public_name, https, without_base_path, default_port, another_list
G 113 row_twice: in_place_of_another, once, other_contents_once, other_contents, last_use_moves
G 117 cursor: never_moves, circle, repositories
G 119 comes_or_goes: member_leaves, member_joins, both, both_always,
	repository, outside_collaborator
G 120 Deprecation: dates, true, Sunset, 410
`

// listed returns the names of all cases and variants: "A zero_tokens", "A zero_tokens: refused".
func listed() iter.Seq[string] {
	return func(yield func(string) bool) {
		whole := strings.ReplaceAll(strings.TrimSpace(theCatalogue), ",\n\t", ", ")
		for line := range strings.Lines(whole) {
			line, variants, _ := strings.Cut(strings.TrimSpace(line), ": ")
			words := strings.Fields(line)
			name := words[0] + " " + words[2]
			if !yield(name) {
				return
			}
			for variant := range strings.SplitSeq(variants, ", ") {
				if variant != "" && !yield(name+": "+variant) {
					return
				}
			}
		}
	}
}
