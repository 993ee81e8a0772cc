"""Work that is undone as a whole."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import connection, transaction

from helpportal.core.transactions import all_or_nothing

pytestmark = pytest.mark.django_db


def test_an_error_undoes_the_whole_block_and_nothing_before_it():
    Group.objects.create(name="before")
    with pytest.raises(ValueError), all_or_nothing():  # noqa: PT011, PT012 - raised in a block inside
        Group.objects.create(name="first")
        with transaction.atomic():
            Group.objects.create(name="second")
            raise ValueError
    assert list(Group.objects.filter(name__in=["before", "first", "second"]).values_list("name", flat=True)) == [
        "before"
    ]


def test_blocks_inside_cost_no_savepoints_and_those_after_it_have_them_again(django_assert_num_queries):
    with django_assert_num_queries(2), all_or_nothing(), transaction.atomic(), transaction.atomic():
        pass
    with django_assert_num_queries(2), transaction.atomic():
        pass
    assert connection.features.uses_savepoints
