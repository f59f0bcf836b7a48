# SPDX-License-Identifier: GPL-3.0-or-later
src_libemend_core_la_SOURCES += \
	src/io/csv_amount.c src/io/csv_amount.h \
	src/io/csv_amounts.c src/io/csv_amounts.h \
	src/io/csv_column.c src/io/csv_column.h \
	src/io/csv_date.c src/io/csv_date.h \
	src/io/csv_dialect.c src/io/csv_dialect.h \
	src/io/csv_fill.c src/io/csv_fill.h \
	src/io/csv_header.c src/io/csv_header.h \
	src/io/csv_names.c src/io/csv_names.h \
	src/io/csv_numbers.c src/io/csv_numbers.h \
	src/io/csv_number.h \
	src/io/csv_oddity.c src/io/csv_oddity.h \
	src/io/csv_outlier.c src/io/csv_outlier.h \
	src/io/csv_patch.c \
	src/io/csv_read.c \
	src/io/csv_scanner.c src/io/csv_scanner.h \
	src/io/csv_stream.c src/io/csv_stream.h \
	src/io/csv_text.c src/io/csv_text.h \
	src/io/csv_tokens.c src/io/csv_tokens.h \
	src/io/csv_write.c \
	src/io/date_text.c \
	src/io/decode.c src/io/decode.h \
	src/io/file.c src/io/file.h \
	src/io/format.c src/io/format.h \
	src/io/isolate.c src/io/isolate.h \
	src/io/kind.c src/io/kind.h \
	src/io/losses.c src/io/losses.h \
	src/io/name_index.c src/io/name_index.h \
	src/io/options.c src/io/options.h \
	src/io/output.c src/io/output.h \
	src/io/readstat.c src/io/readstat.h \
	src/io/readstat_catalog.c \
	src/io/readstat_deliver.c \
	src/io/readstat_formats.c \
	src/io/readstat_reading.h \
	src/io/replace.c src/io/replace.h \
	src/io/sandbox.c src/io/sandbox.h \
	src/io/sas_catalog.c src/io/sas_catalog.h \
	src/io/source.c src/io/source.h \
	src/io/translate.c src/io/translate.h \
	src/io/window.c src/io/window.h \
	src/io/write.c src/io/writer.h \
	src/io/write_plan.c src/io/write_plan.h
# Any dataset in another format.
src_libemend_core_la_SOURCES += \
	src/io/conversion.c src/io/conversion.h \
	src/io/conversion_labels.c src/io/conversion_losses.c \
	src/io/missing_map.c src/io/missing_map.h \
	src/io/name_rule.c src/io/name_rule.h \
	src/io/readstat_write.c src/io/readstat_write.h \
	src/io/sav_ghosts.c src/io/sav_ghosts.h \
	src/io/text_pool.c src/io/text_pool.h
# Our own walks through .sav and .dta, and the patchers.
src_libemend_core_la_SOURCES += \
	src/io/describe.c src/io/describe.h \
	src/io/dta_describe.c src/io/sav_describe.c src/io/sav_payload.c src/io/sav_payload.h \
	src/io/dta_added.c src/io/dta_added.h \
	src/io/dta_dictionary.c src/io/dta_dictionary.h \
	src/io/dta_inside.h src/io/dta_long_text.c src/io/dta_long_text.h \
	src/io/dta_names.c src/io/dta_names.h \
	src/io/dta_patch.c \
	src/io/dta_properties.c src/io/dta_properties.h \
	src/io/dta_rebuild.c src/io/dta_section.c \
	src/io/dta_strl.c src/io/dta_strl.h \
	src/io/dta_target.c src/io/dta_target.h \
	src/io/dta_text.c src/io/dta_text.h \
	src/io/dta_value.c src/io/dta_value.h \
	src/io/dta_write.c \
	src/io/name_set.c src/io/name_set.h \
	src/io/patch_copy.c src/io/patch_copy.h \
	src/io/patch_rows.c src/io/patch_rows.h \
	src/io/encoder.c src/io/encoder.h \
	src/io/sav_added.c src/io/sav_added.h \
	src/io/patch_text.c src/io/patch_text.h \
	src/io/sav_blocks.c src/io/sav_bytecode.c src/io/sav_bytecode.h \
	src/io/sav_cells.c src/io/sav_cells.h \
	src/io/sav_dictionary.c src/io/sav_dictionary.h \
	src/io/sav_extension.c src/io/sav_inside.h \
	src/io/sav_patch.c src/io/sav_rebuild.c \
	src/io/sav_rows.c src/io/sav_rows.h src/io/sav_scan.c \
	src/io/sav_stream.c src/io/sav_stream.h \
	src/io/sav_value.c src/io/sav_value.h \
	src/io/zsav_read.c src/io/zsav_write.c src/io/zsav.h \
	src/io/walk.c src/io/walk.h \
	src/io/xpt_dictionary.c src/io/xpt_dictionary.h src/io/xpt_patch.c src/io/xpt_rebuild.c
