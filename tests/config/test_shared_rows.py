"""The test bed itself: rows that a module shares are in each of its tests as they were made."""

import pytest
from django.contrib.auth.models import Group

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def groups(shared_rows):
    return shared_rows(lambda: [Group.objects.create(name="Watch"), Group.objects.create(name="Guards")])


@pytest.mark.parametrize("_turn", [1, 2])
def test_what_a_test_does_to_them_does_not_reach_the_next(_turn, groups):
    watch, guards = groups()
    assert set(Group.objects.filter(pk__in=[watch.pk, guards.pk]).values_list("name", flat=True)) == {"Watch", "Guards"}
    assert watch.name == "Watch"
    watch.name = "Renamed"
    watch.save()
    guards.delete()
